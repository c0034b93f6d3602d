package dev.ondine.os;

import java.util.List;

/** What decides who goes first. The scheduler asks it before every step. */
public interface SchedulingPolicy {

    String name();

    /** Sorts the tasks that could take part in a step, the one to go first first. */
    void order(List<Task> tasks, long nowNanos);

    /** Whether a task may take the place of another in the cache. */
    boolean mayPreempt(Task task, Task victim, long nowNanos);
}
