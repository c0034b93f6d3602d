package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.PlanRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inverse questions: the value of one number with which a plan meets its goals. Found on the forward model itself. */
public final class Solver {

    /** By so much may two goals miss each other through bisection. */
    private static final double SLIP = 1e-9;

    private final Question question;
    private final Forward forward;
    private final Refusal refusal;

    private Solver(PlanRequest request, Question question) {
        this.question = question;
        this.forward = new Forward(request, question.unknown());
        this.refusal = new Refusal(question, forward);
    }

    /**
     * The least or most value that meets the target and all constraints. The number that the request has in its place does not matter.
     *
     * @throws UnreachableTargetException if no value does, or if every value does
     * @throws IllegalArgumentException   if the request has no place for the unknown, or the forward model cannot plan it
     */
    public static Solution solve(PlanRequest request, Question question) {
        return new Solver(request, question.addressed()).solve();
    }

    private Solution solve() {
        Map<Goal, List<ValueRange>> met = new LinkedHashMap<>();
        for (Goal goal : question.goals()) {
            met.put(goal, forward.ranges(goal));
            if (met.get(goal).isEmpty()) {
                throw refusal.unreachable(goal);
            }
        }
        Extreme extreme = extreme(met.get(question.target()));
        List<ValueRange> common = common(met, extreme);
        double value = end(common, extreme);
        Goal binding = question.goals().stream().filter(goal -> endsAt(met.get(goal), value, extreme)).findFirst()
                .orElseThrow(() -> refusal.metAnyway(value, extreme));
        Outcome outcome = forward.at(value);
        return new Solution(question, extreme, value, outcome.plan(), binding,
                question.goals().stream().map(goal -> Solution.Slack.of(goal, outcome)).toList());
    }

    /** The end of its range that the target does not reach is the one where something is asked for. */
    private Extreme extreme(List<ValueRange> target) {
        boolean low = ValueRange.contains(target, forward.axis().least());
        boolean high = ValueRange.contains(target, forward.axis().most());
        return low == high ? question.unknown().usual(question.target()) : high ? Extreme.LEAST : Extreme.MOST;
    }

    private List<ValueRange> common(Map<Goal, List<ValueRange>> met, Extreme extreme) {
        List<ValueRange> common = met.get(question.target());
        double slip = forward.axis().isWhole() ? 0 : SLIP;
        for (Goal goal : question.constraints()) {
            List<ValueRange> before = common;
            common = ValueRange.intersection(common, met.get(goal), slip);
            if (common.isEmpty()) {
                throw refusal.conflict(goal, end(before, extreme), extreme);
            }
        }
        return common;
    }

    private static double end(List<ValueRange> ranges, Extreme extreme) {
        return extreme == Extreme.LEAST ? ranges.getFirst().low() : ranges.getLast().high();
    }

    private boolean endsAt(List<ValueRange> ranges, double value, Extreme extreme) {
        double last = extreme == Extreme.LEAST ? forward.axis().least() : forward.axis().most();
        return value != last && ranges.stream().anyMatch(range -> (extreme == Extreme.LEAST ? range.low() : range.high()) == value);
    }
}
