package dev.ondine.os;

/** What a runner tells of the tasks of a step, once for each task whose last known token was run. */
public interface StepOutcome {

    /** The task has one more token, and goes on. */
    void generated(Task task);

    /** The task has one more token, and it was its last. */
    void ended(Task task);

    /** The task is over without another token: it needed none, or it has failed. Also told of a task that has not read its prompt yet. */
    void over(Task task);

    /** The task has one more token, and waits for a tool now; {@link Scheduler#unblock} lets it go on. */
    void blocked(Task task);
}
