package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.roofline.cost.StepCosts;

/**
 * What carries out the scheduler's steps: a model on the engine, or a simulated device on a virtual clock. It also keeps the tasks'
 * caches. Only the scheduler's thread calls it.
 */
public interface StepRunner {

    /** Of the model, for people. */
    String name();

    /** Rows that a step can have. */
    int mostRows();

    /** Rows of a step that can give logits. */
    int mostLogitsRows();

    /** What steps cost on this device, before the scheduler has corrected it by what it measures. */
    StepCosts costs();

    /**
     * Brings back the cache of a task that waits or is parked.
     *
     * @return how many of its tokens need not be computed (again); -1 if there is no room for it now
     */
    int restore(Task task);

    /**
     * Makes room in the cache for so many more tokens of a running task in the next step. Takes what was kept of tasks that are over or
     * parked, if it must.
     *
     * @return false if tasks that run hold too much
     */
    boolean reserve(Task task, int tokens);

    /** Lets whoever needs room take the cache of a running task, the cheapest way. @return bytes that others can have then */
    long park(Task task);

    /** The task must end with what it has; {@link #release} follows. @param problem why it failed; empty if it did not */
    void stop(Task task, FinishReason reason, String problem);

    /** The task is over: gives back all that it holds. */
    void release(Task task);

    /** Runs one step to its end, then says what came of it; the clock has gone on by then. */
    void run(StepPlan plan, StepOutcome outcome);
}
