package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** What {@link SchedulerStats} are counted in. */
final class StatsCounter {

    private static final int LAST_STEPS = 256;
    /** Rates forget with this time of work. */
    private static final double MEMORY_SECONDS = 1;

    private final Map<PriorityClass, LatencyHistogram> firstToken = new EnumMap<>(PriorityClass.class);
    private final LatencyHistogram interrupts = new LatencyHistogram();
    private final LatencyHistogram urgent = new LatencyHistogram();
    private final LatencyHistogram stepTimes = new LatencyHistogram();
    private final double[] errors = new double[LAST_STEPS];
    private long steps;
    private double busySeconds;
    private long decoded;
    private long read;
    private double decodeRate;
    private double prefillRate;
    private long done;
    private long refused;
    private long promised;
    private long kept;
    private long missed;

    StatsCounter() {
        for (PriorityClass priority : PriorityClass.values()) {
            firstToken.put(priority, new LatencyHistogram());
        }
    }

    void step(StepPlan plan, double seconds, double predictedSeconds) {
        errors[(int) (steps++ % LAST_STEPS)] = seconds / predictedSeconds - 1;
        stepTimes.add(seconds);
        busySeconds += seconds;
        long tokens = plan.shares().stream().filter(StepPlan.Share::reachesEnd).count();
        decoded += tokens;
        read += plan.prefillTokens();
        if (seconds > 0) {
            double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
            decodeRate += weight * (tokens / seconds - decodeRate);
            prefillRate += weight * (plan.prefillTokens() / seconds - prefillRate);
        }
    }

    void started(Task task) {
        double seconds = (task.startedNanos - task.submittedNanos()) * 1e-9;
        if (task.terms.priority() == PriorityClass.INTERRUPT) {
            interrupts.add(seconds);
        } else if (task.standing.cameUrgent) {
            urgent.add(seconds);
        }
    }

    void firstToken(Task task) {
        firstToken.get(task.terms.priority()).add((task.firstTokenNanos - task.submittedNanos()) * 1e-9);
    }

    void accepted(Task task) {
        promised += task.standing.hasPromise() ? 1 : 0;
    }

    void refused() {
        refused++;
    }

    /** @param reason {@code CANCELLED}: its deadline counts neither way; {@code FAILED}: it was missed; null for the runner's own */
    void ended(Task task, FinishReason reason) {
        done++;
        if (task.standing.hasPromise() && reason != FinishReason.CANCELLED) {
            boolean isKept = reason != FinishReason.FAILED && task.standing.isKept();
            kept += isKept ? 1 : 0;
            missed += isKept ? 0 : 1;
        }
    }

    SchedulerStats stats(String policy, CacheRoom cache) {
        Map<PriorityClass, SchedulerStats.Times> first = new EnumMap<>(PriorityClass.class);
        firstToken.forEach((priority, histogram) -> first.put(priority, histogram.times()));
        double[] seen = Arrays.copyOf(errors, (int) Math.min(steps, LAST_STEPS));
        return new SchedulerStats(policy, steps, busySeconds, decoded, read, decodeRate, prefillRate, first, interrupts.times(),
                urgent.times(), stepTimes.times(), median(seen), median(Arrays.stream(seen).map(Math::abs).toArray()), done, refused,
                promised, kept, missed, cache.preemptions(), cache.movedBytes());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}
