package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.PlanRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * The forward model as a function of one unknown, and where it meets goals.
 *
 * <p>Nearly all of it is monotonic, but not all: power against batch has a peak. So it is sampled over the whole range, peaks and troughs
 * between samples are followed to their end, and each change from met to missed is bisected.
 */
final class Forward {

    private static final int STEPS_TO_EXTREMUM = 60;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double FLAT = 1e-9;
    private static final double CLOSE = 1e-6;

    private final PlanRequest request;
    private final Unknown unknown;
    private final Axis axis;
    private final Map<Double, Outcome> outcomes = new HashMap<>();

    Forward(PlanRequest request, Unknown unknown) {
        this.request = request;
        this.unknown = unknown;
        this.axis = unknown.axis(request);
    }

    Axis axis() {
        return axis;
    }

    Outcome at(double value) {
        return outcomes.computeIfAbsent(value, asked -> unknown.outcome(request, asked));
    }

    /** Where the goal is met, ascending. */
    List<ValueRange> ranges(Goal goal) {
        TreeMap<Double, Double> samples = samples(goal);
        List<ValueRange> ranges = new ArrayList<>();
        double start = Double.NaN;
        double before = Double.NaN;
        for (Map.Entry<Double, Double> sample : samples.entrySet()) {
            boolean met = sample.getValue() >= 0;
            if (met && Double.isNaN(start)) {
                start = Double.isNaN(before) ? sample.getKey() : lastMet(goal, sample.getKey(), before);
            } else if (!met && !Double.isNaN(start)) {
                ranges.add(new ValueRange(start, lastMet(goal, before, sample.getKey())));
                start = Double.NaN;
            }
            before = sample.getKey();
        }
        if (!Double.isNaN(start)) {
            ranges.add(new ValueRange(start, before));
        }
        return ranges;
    }

    /** The value that comes nearest to the goal: an end of the range if no other is better. */
    double nearest(Goal goal) {
        Map.Entry<Double, Double> best = samples(goal).entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        return DoubleStream.of(axis.most(), axis.least()).filter(end -> goal.margin(at(end)) >= best.getValue() - CLOSE).findFirst()
                .orElse(best.getKey());
    }

    /** Whether the unknown makes no difference to a metric. */
    boolean isConstant(Metric metric) {
        double first = metric.of(at(axis.least()));
        for (double value : axis.grid()) {
            double other = metric.of(at(value));
            if (Double.isNaN(first) != Double.isNaN(other) || Math.abs(other - first) > FLAT * Math.abs(first)) {
                return false;
            }
        }
        return true;
    }

    private TreeMap<Double, Double> samples(Goal goal) {
        TreeMap<Double, Double> samples = new TreeMap<>();
        double[] grid = axis.grid();
        for (double value : grid) {
            samples.put(value, goal.margin(at(value)));
        }
        for (int i = 1; i < grid.length - 1; i++) {
            double left = samples.get(grid[i - 1]);
            double here = samples.get(grid[i]);
            double right = samples.get(grid[i + 1]);
            double sign = here < 0 ? 1 : -1;
            if (sign * here > sign * left + FLAT && sign * here > sign * right + FLAT && Double.isFinite(here)) {
                double extremum = highest(value -> sign * goal.margin(at(value)), grid[i - 1], grid[i + 1]);
                samples.put(extremum, goal.margin(at(extremum)));
            }
        }
        return samples;
    }

    /** Golden section search. */
    private double highest(DoubleUnaryOperator function, double from, double to) {
        double low = from;
        double high = to;
        for (int step = 0; step < STEPS_TO_EXTREMUM && !axis.isSame(low, high); step++) {
            double lower = axis.between(low, high, 1 - GOLDEN);
            double upper = axis.between(low, high, GOLDEN);
            if (lower >= upper) {
                break;
            }
            if (function.applyAsDouble(lower) > function.applyAsDouble(upper)) {
                high = upper;
            } else {
                low = lower;
            }
        }
        return axis.middle(low, high);
    }

    /** Bisection between a value that meets the goal and one that misses it. */
    private double lastMet(Goal goal, double metValue, double missedValue) {
        double met = metValue;
        double missed = missedValue;
        while (!axis.isSame(Math.min(met, missed), Math.max(met, missed))) {
            double middle = axis.middle(Math.min(met, missed), Math.max(met, missed));
            if (middle == met || middle == missed) {
                break;
            }
            if (goal.margin(at(middle)) >= 0) {
                met = middle;
            } else {
                missed = middle;
            }
        }
        return met;
    }
}
