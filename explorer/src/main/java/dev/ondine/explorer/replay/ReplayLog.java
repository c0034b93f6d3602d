package dev.ondine.explorer.replay;

import dev.ondine.explorer.replay.ReplayReport.Group;
import dev.ondine.explorer.replay.ReplayReport.StepResiduals;
import dev.ondine.os.Deadline;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.SchedulerStats;
import dev.ondine.os.StepRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What happens in a replay, as long as it goes on. */
final class ReplayLog {

    /** Steps of each kind by which the scheduler learns how fast they are. */
    private static final int LEARNING_STEPS = 8;

    private record Ended(ReplayTask task, double firstToken, double completion, double endSeconds, boolean isWhole) { }

    private final List<Ended> ended = new ArrayList<>();
    private final List<ReplayTask> refused = new ArrayList<>();
    private final List<StepRecord> steps = new ArrayList<>();

    synchronized void refused(ReplayTask task) {
        refused.add(task);
    }

    /**
     * @param firstToken seconds after the arrival
     * @param completion seconds after the arrival, tools included
     * @param isWhole    whether it gave the whole answer
     */
    synchronized void ended(ReplayTask task, double firstToken, double completion, boolean isWhole) {
        ended.add(new Ended(task, firstToken, completion - task.toolSeconds(), task.seconds() + completion, isWhole));
    }

    synchronized void step(StepRecord step) {
        steps.add(step);
    }

    /** Tasks that have come to their end, one way or the other. */
    synchronized int count() {
        return ended.size() + refused.size();
    }

    synchronized ReplayReport report(ReplayScenario scenario, String mode, double load, long seed, SchedulerStats stats) {
        List<Group> classes = Stream.of(PriorityClass.values()).map(this::group).filter(group -> group.arrivals() > 0).toList();
        double seconds = ended.stream().mapToDouble(Ended::endSeconds).max().orElse(0);
        List<StepResiduals> residuals = Stream.of(
                residuals("decode", step -> step.prefillTokens() == 0),
                residuals("read", step -> step.decodeRows() == 0),
                residuals("mixed", step -> step.decodeRows() > 0 && step.prefillTokens() > 0)).filter(one -> one.steps() > 0).toList();
        return new ReplayReport(scenario.name(), mode, stats.policy(), load, seed, seconds, classes, stats, residuals);
    }

    private Group group(PriorityClass priority) {
        List<Ended> own = ended.stream().filter(one -> one.task.terms().priority() == priority).toList();
        long denied = refused.stream().filter(task -> task.terms().priority() == priority).count();
        List<Ended> promised = own.stream().filter(one -> !one.task.terms().deadline().isNone()).toList();
        return new Group(priority.name().toLowerCase(Locale.ROOT), own.size() + denied, own.stream().filter(Ended::isWhole).count(), denied,
                times(own.stream().mapToDouble(Ended::firstToken).toArray()), times(own.stream().mapToDouble(Ended::completion).toArray()),
                promised.size(), promised.stream().filter(ReplayLog::isLate).count());
    }

    private static boolean isLate(Ended one) {
        Deadline deadline = one.task.terms().deadline();
        return !one.isWhole || one.firstToken > seconds(deadline.firstToken()) || one.completion > seconds(deadline.completion());
    }

    private static double seconds(Duration time) {
        return time.toNanos() * 1e-9;
    }

    private static SchedulerStats.Times times(double[] seconds) {
        Arrays.sort(seconds);
        return new SchedulerStats.Times(seconds.length, Arrays.stream(seconds).average().orElse(0), quantile(seconds, 0.5),
                quantile(seconds, 0.99), seconds.length == 0 ? 0 : seconds[seconds.length - 1]);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private StepResiduals residuals(String kind, Predicate<StepRecord> isKind) {
        List<StepRecord> own = steps.stream().filter(isKind).skip(LEARNING_STEPS).toList();
        return new StepResiduals(kind, own.size(), median(own, StepRecord::seconds), median(own, ReplayLog::error),
                median(own, step -> Math.abs(error(step))), median(own, step -> step.seconds() / step.modelSeconds()));
    }

    private static double error(StepRecord step) {
        return step.seconds() / step.predictedSeconds() - 1;
    }

    private static double median(List<StepRecord> steps, ToDoubleFunction<StepRecord> value) {
        return quantile(steps.stream().mapToDouble(value).sorted().toArray(), 0.5);
    }
}
