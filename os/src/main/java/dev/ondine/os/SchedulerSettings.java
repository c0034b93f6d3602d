package dev.ondine.os;

import java.time.Duration;

/**
 * The scheduler's limits.
 *
 * @param stepBound   how long a step that reads prompts may take: an urgent task waits no longer than that and one decode step
 * @param mostQueued  tasks that may wait; more are refused
 * @param mostRunning tasks that may hold a part of the cache at once
 */
public record SchedulerSettings(Duration stepBound, int mostQueued, int mostRunning) {

    public static final SchedulerSettings STANDARD = new SchedulerSettings(Duration.ofMillis(50), 512, 64);

    public SchedulerSettings bounded(Duration step) {
        return new SchedulerSettings(step, mostQueued, mostRunning);
    }

    public SchedulerSettings queueing(int queued, int running) {
        return new SchedulerSettings(stepBound, queued, running);
    }
}
