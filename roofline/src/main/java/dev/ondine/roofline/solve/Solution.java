package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.Plan;
import java.util.List;

/**
 * The answer to a question.
 *
 * @param question as it was answered; for a round trip with goals of device and cloud together
 * @param extreme  whether less or more than the value would miss a goal
 * @param value    in the unit of the unknown
 * @param plan     with the value in its request; for power the plan at full speed, which pauses to keep within the value
 * @param binding  the goal that a further step would miss
 * @param slacks   of all goals, the target first
 */
public record Solution(Question question, Extreme extreme, double value, Plan plan, Goal binding, List<Slack> slacks) {

    public Solution {
        slacks = List.copyOf(slacks);
    }

    /**
     * How far a goal is from being missed.
     *
     * @param reached in the base unit of the goal's metric
     * @param room    share of the limit that is left; of the model's bytes where the goal is that it fits
     */
    public record Slack(Goal goal, double reached, double room) {

        static Slack of(Goal goal, Outcome outcome) {
            double reached = goal.metric().of(outcome);
            double base = goal.metric() == Metric.SPARE ? outcome.plan().footprint().totalBytes() : goal.limit();
            return new Slack(goal, reached, (goal.metric().isFloor() ? reached - goal.limit() : goal.limit() - reached) / base);
        }
    }

    /** {@code least memory bandwidth: 76.8 GB/s, bound by 20 tok/s}. */
    public String words() {
        Unknown unknown = question.unknown();
        return "%s %s: %s, bound by %s".formatted(extreme == Extreme.LEAST ? "least" : "most", unknown.key(), unknown.words(value),
                binding.words());
    }
}
