package dev.ondine.roofline.solve;

import java.util.List;
import java.util.stream.Collectors;

/** Why a question has no answer, in words and numbers. */
final class Refusal {

    private final Question question;
    private final Forward forward;
    private final Unknown unknown;

    Refusal(Question question, Forward forward) {
        this.question = question;
        this.forward = forward;
        this.unknown = question.unknown();
    }

    /** Nothing meets this goal, even alone. */
    UnreachableTargetException unreachable(Goal goal) {
        double nearest = forward.nearest(goal);
        Outcome outcome = forward.at(nearest);
        Metric metric = goal.metric();
        if (Double.isNaN(metric.of(outcome))) {
            return refused(goal, "nothing can be said about %s: %s".formatted(goal.words(), metric.whyUnknown(outcome)));
        }
        if (forward.isConstant(metric)) {
            return refused(goal, "%s makes no difference to %s: %s; %s".formatted(unknown.key(), goal.words(), metric.told(outcome),
                    metric.remedy()));
        }
        return refused(goal, "no %s is enough for %s: even with %s %s; %s".formatted(unknown.key(), goal.words(), unknown.endWords(nearest),
                metric.told(outcome), metric.remedy()));
    }

    /** The goals before it can be met, and this one can, but not together. @param nearest that meets those before it */
    UnreachableTargetException conflict(Goal goal, double nearest, Extreme extreme) {
        List<Goal> before = question.goals().subList(0, question.goals().indexOf(goal));
        String others = before.stream().map(Goal::words).collect(Collectors.joining(", "));
        Outcome outcome = forward.at(nearest);
        String end = extreme == Extreme.LEAST ? "least" : "most";
        return refused(goal, "no %s meets both %s and %s: with %s, the %s for %s, %s; %s".formatted(unknown.key(), others, goal.words(),
                unknown.endWords(nearest), end, others, found(goal, outcome), goal.metric().remedy()));
    }

    private static String found(Goal goal, Outcome outcome) {
        Metric metric = goal.metric();
        if (Double.isNaN(metric.of(outcome))) {
            return metric.whyUnknown(outcome);
        }
        return metric.told(outcome) + (metric == Metric.SPARE ? "" : ", and the limit is " + metric.words(goal.limit()));
    }

    /** Every value down or up to the end will do. */
    UnreachableTargetException metAnyway(double end, Extreme extreme) {
        Goal target = question.target();
        String told = target.metric().told(forward.at(end));
        if (forward.isConstant(target.metric())) {
            return refused(target, "%s makes no difference to %s, which is met: %s".formatted(unknown.key(), target.words(), told));
        }
        return refused(target, "%s is already met at the %s valid value, %s: %s".formatted(target.words(),
                extreme == Extreme.LEAST ? "lowest" : "highest", unknown.endWords(end), told));
    }

    private static UnreachableTargetException refused(Goal goal, String message) {
        return new UnreachableTargetException(message, goal);
    }
}
