package dev.ondine.os;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which tasks wait for which others. Who waits lends its class and its deadline, also over several tasks. */
final class Lineage {

    /** By the id of the one that is waited for. */
    private final Map<Long, List<Task>> waiting = new HashMap<>();

    /** A task that is submitted: it waits for those of its terms that have not ended. */
    void add(Task task, Map<Long, Task> tasks) {
        for (long before : task.terms.after()) {
            if (before != task.id() && tasks.containsKey(before)) {
                waiting.computeIfAbsent(before, _ -> new ArrayList<>()).add(task);
                task.standing.waitsFor++;
            }
        }
    }

    /** A task has ended, one way or the other. */
    void remove(Task task) {
        List<Task> freed = waiting.remove(task.id());
        if (freed != null) {
            freed.forEach(one -> one.standing.waitsFor--);
        }
        if (task.standing.waitsFor > 0) {
            waiting.values().forEach(list -> list.remove(task));
            task.standing.waitsFor = 0;
        }
    }

    /** Gives every task its own class and deadline, or more urgent ones of those that wait for it. @param newestFirst all tasks */
    void lend(Iterable<Task> newestFirst) {
        for (Task task : newestFirst) {
            Standing standing = task.standing;
            standing.priority = task.terms.priority();
            standing.dueNanos = standing.ownDueNanos();
            List<Task> waiters = waiting.isEmpty() ? null : waiting.get(task.id());
            if (waiters != null) {
                waiters.forEach(waiter -> take(standing, waiter));
            }
        }
    }

    /** The same deadline comes first for the older one, so that both are forecast in their order. */
    private static void take(Standing standing, Task waiter) {
        if (waiter.priority().compareTo(standing.priority) < 0) {
            standing.priority = waiter.priority();
        }
        standing.dueNanos = Math.min(standing.dueNanos, waiter.standing.dueNanos);
    }
}
