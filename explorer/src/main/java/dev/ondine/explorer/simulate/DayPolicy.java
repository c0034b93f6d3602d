package dev.ondine.explorer.simulate;

import dev.ondine.roofline.cost.StepCosts;

/**
 * What decides which tasks take part in each step of a simulated day. It is asked before every step, sees the clock, the tasks and what
 * a step would cost, and nothing else. A running task that it leaves out keeps its cache and waits. Days have millions of steps, so
 * tasks are columns of a table here; the scheduler of real tasks, which also plays on a virtual clock, is {@code os.Scheduler}.
 */
public interface DayPolicy {

    /**
     * Composes the next step. If it stays empty, the clock goes on to the next event.
     *
     * @param nowSeconds of the clock
     * @param tasks      on the device
     * @param costs      as the device is now; heat that slows it is not included
     * @param step       empty at the start
     */
    void compose(double nowSeconds, DayTasks tasks, StepCosts costs, DayStep step);

    /**
     * Whether a task that has just come is taken. One that is not is refused at once.
     *
     * @param task in the table; the last one in the order of arrival
     */
    default boolean admits(double nowSeconds, int task, DayTasks tasks, StepCosts costs) {
        return true;
    }
}
