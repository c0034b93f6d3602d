package dev.ondine.os;

import java.time.Duration;

/**
 * The scheduler's limits.
 *
 * @param policy          who goes first
 * @param stepBound       how long a step that reads prompts may take: an urgent task waits no longer than that and one decode step
 * @param mostQueued      tasks that may wait; more are refused
 * @param mostRunning     tasks that may hold a part of the cache at once
 * @param ageing          a task that has not ended so long after it came is old; waits for tools do not count
 * @param agedShare       of the time, kept for old tasks of all classes, first come first served: no task starves
 * @param reserve         share of the time that is not promised: for interrupts, for old tasks, and for what nobody foresaw
 * @param mostPreemptions how often a task may lose its cache to others; after that only an interrupt may take it
 */
public record SchedulerSettings(SchedulingPolicy policy, Duration stepBound, int mostQueued, int mostRunning, Duration ageing,
                                double agedShare, double reserve, int mostPreemptions) {

    public static final SchedulerSettings STANDARD =
            new SchedulerSettings(new UrgencyPolicy(), Duration.ofMillis(50), 512, 64, Duration.ofSeconds(30), 0.1, 0.2, 4);

    /** @throws IllegalArgumentException if a limit makes no sense */
    public SchedulerSettings {
        requirePositive("stepBound", stepBound);
        requirePositive("ageing", ageing);
        if (mostQueued < 1 || mostRunning < 1 || mostPreemptions < 0) {
            throw new IllegalArgumentException("%d tasks queued, %d running, %d preemptions, expected at least 1, 1 and 0"
                    .formatted(mostQueued, mostRunning, mostPreemptions));
        }
        if (!(agedShare > 0 && agedShare <= reserve && reserve < 1)) {
            throw new IllegalArgumentException("agedShare is %s and reserve %s, expected 0 < agedShare <= reserve < 1"
                    .formatted(agedShare, reserve));
        }
    }

    private static void requirePositive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("%s is %s, expected more than nothing".formatted(name, time));
        }
    }

    public SchedulerSettings with(SchedulingPolicy other) {
        return new SchedulerSettings(other, stepBound, mostQueued, mostRunning, ageing, agedShare, reserve, mostPreemptions);
    }

    public SchedulerSettings bounded(Duration step) {
        return new SchedulerSettings(policy, step, mostQueued, mostRunning, ageing, agedShare, reserve, mostPreemptions);
    }

    public SchedulerSettings queueing(int queued, int running) {
        return new SchedulerSettings(policy, stepBound, queued, running, ageing, agedShare, reserve, mostPreemptions);
    }

    public SchedulerSettings ageing(Duration time) {
        return new SchedulerSettings(policy, stepBound, mostQueued, mostRunning, time, agedShare, reserve, mostPreemptions);
    }

    public SchedulerSettings preempting(int most) {
        return new SchedulerSettings(policy, stepBound, mostQueued, mostRunning, ageing, agedShare, reserve, most);
    }

    double boundSeconds() {
        return stepBound.toNanos() * 1e-9;
    }
}
