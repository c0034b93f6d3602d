package dev.ondine.os;

import java.util.Comparator;
import java.util.List;

/** First come, first served: what most servers do; here to be compared with. */
public final class FirstComePolicy implements SchedulingPolicy {

    public FirstComePolicy() {
    }

    @Override
    public String name() {
        return "fifo";
    }

    @Override
    public void order(List<Task> tasks, long nowNanos) {
        tasks.sort(Comparator.comparingLong(Task::id));
    }

    @Override
    public boolean mayPreempt(Task task, Task victim, long nowNanos) {
        return task.id() < victim.id();
    }
}
