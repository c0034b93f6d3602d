package dev.ondine.os;

import java.util.Set;

/**
 * On what terms a task runs.
 *
 * @param app      who owns it: quotas count per app, and caches are not shared between apps unless marked
 * @param priority its class; a more urgent one always goes first
 * @param weight   its share among tasks of its class, above 0
 * @param after    ids of tasks that must end before it starts; while it waits they run in its class if theirs is less urgent
 * @param durable  whether it goes on after the process was killed
 * @param lossy    whether its cache may be parked in Q8_0, which may change what it says afterwards
 */
public record TaskTerms(String app, PriorityClass priority, double weight, Deadline deadline, Budget budget, Set<Long> after,
                        boolean durable, boolean lossy) {

    /** Nobody in particular, in a hurry like a person who waits. */
    public static final TaskTerms FOREGROUND =
            new TaskTerms("", PriorityClass.FOREGROUND, 1, Deadline.NONE, Budget.UNLIMITED, Set.of(), false, false);

    /** @throws IllegalArgumentException if the weight is not above 0 */
    public TaskTerms {
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight is %s, expected a number above 0".formatted(weight));
        }
        after = Set.copyOf(after);
    }

    public TaskTerms ofApp(String owner) {
        return new TaskTerms(owner, priority, weight, deadline, budget, after, durable, lossy);
    }

    public TaskTerms with(PriorityClass other) {
        return new TaskTerms(app, other, weight, deadline, budget, after, durable, lossy);
    }

    public TaskTerms weighing(double other) {
        return new TaskTerms(app, priority, other, deadline, budget, after, durable, lossy);
    }

    public TaskTerms with(Deadline other) {
        return new TaskTerms(app, priority, weight, other, budget, after, durable, lossy);
    }

    public TaskTerms with(Budget other) {
        return new TaskTerms(app, priority, weight, deadline, other, after, durable, lossy);
    }

    public TaskTerms after(Set<Long> others) {
        return new TaskTerms(app, priority, weight, deadline, budget, others, durable, lossy);
    }

    public TaskTerms durable(boolean isDurable) {
        return new TaskTerms(app, priority, weight, deadline, budget, after, isDurable, lossy);
    }

    public TaskTerms lossy(boolean isLossy) {
        return new TaskTerms(app, priority, weight, deadline, budget, after, durable, isLossy);
    }
}
