package dev.ondine.explorer.replay;

import dev.ondine.os.SchedulerStats;
import dev.ondine.os.SchedulerStats.Times;
import java.util.List;

/**
 * What came of a replay; of a simulated one and of a real one alike.
 *
 * @param mode      {@code simulated} or {@code real}
 * @param load      how many times as fast as the scenario says tasks came
 * @param seconds   from the start to the end of the last task
 * @param classes   in the order of urgency, those that had tasks
 * @param stats     of the scheduler
 * @param residuals of step times against what the scheduler expected, by kind of step, after the first few of each
 */
public record ReplayReport(String scenario, String mode, String policy, double load, long seed, double seconds, List<Group> classes,
                           SchedulerStats stats, List<StepResiduals> residuals) {

    public ReplayReport {
        classes = List.copyOf(classes);
        residuals = List.copyOf(residuals);
    }

    /**
     * Tasks of a class.
     *
     * @param completion from arrival to end, waits for tools not counted
     * @param promised   tasks with a deadline that were taken
     * @param missed     of these, ended too late
     */
    public record Group(String name, long arrivals, long completed, long refused, Times firstToken, Times completion, long promised,
                        long missed) {
    }

    /**
     * Step times of one kind.
     *
     * @param kind         {@code decode}, {@code read}, or {@code mixed}
     * @param medianError  signed: measured over expected less 1
     * @param medianSize   of the errors without their sign
     * @param modelRatio   measured over what the cost model says uncorrected, the median
     */
    public record StepResiduals(String kind, long steps, double medianSeconds, double medianError, double medianSize, double modelRatio) {
    }

    /** Answer tokens a second over the whole replay. */
    public double answerRate() {
        return stats.decodedTokens() / seconds;
    }

    /** Tasks with a deadline that was promised, of all classes. */
    public long promised() {
        return classes.stream().mapToLong(Group::promised).sum();
    }

    public long missed() {
        return classes.stream().mapToLong(Group::missed).sum();
    }

    public long refused() {
        return classes.stream().mapToLong(Group::refused).sum();
    }

    /** Of a class by its name. */
    public Group group(String name) {
        return classes.stream().filter(group -> group.name().equals(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("no tasks of class " + name));
    }

    /** One JSON object: snake case, seconds and bytes. */
    public String json() {
        return ReplayText.json(this);
    }

    /** A screen of text. */
    public String drawn() {
        return ReplayText.drawn(this);
    }
}
