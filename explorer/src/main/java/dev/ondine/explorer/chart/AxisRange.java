package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Scale;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The part of an axis that is drawn.
 *
 * @param least the value at the start
 * @param most  the value at the end, above the least
 */
record AxisRange(Scale scale, double least, double most) {

    /** Room between the outermost values and the frame, as a share of the axis. */
    private static final double MARGIN = 0.04;

    /** A linear axis starts at zero if that costs no more than this share of it. */
    private static final double ZERO_SHARE = 0.5;

    private static final double[] NICE = {1, 2, 5, 10};

    static AxisRange of(Axis axis, DoubleStream values) {
        DoubleSummaryStatistics seen = values.summaryStatistics();
        return switch (axis.scale()) {
            case CATEGORY -> new AxisRange(Scale.CATEGORY, -0.5, axis.categories().size() - 0.5);
            case LINEAR -> linear(seen.getMin(), seen.getMax());
            case LOG -> logarithmic(Math.log10(seen.getMin()), Math.log10(seen.getMax()));
        };
    }

    private static AxisRange linear(double least, double most) {
        double span = most > least ? most - least : Math.max(1, Math.abs(most));
        double margin = span * MARGIN;
        boolean fromZero = least >= 0 && least <= ZERO_SHARE * span;
        return new AxisRange(Scale.LINEAR, fromZero ? 0 : least - margin, most + margin);
    }

    private static AxisRange logarithmic(double least, double most) {
        double span = Math.max(most - least, 0.3);
        return new AxisRange(Scale.LOG, Math.pow(10, least - span * MARGIN), Math.pow(10, most + span * MARGIN));
    }

    /** Where a value lies: 0 at the start, 1 at the end. */
    double position(double value) {
        return (stretched(value) - stretched(least)) / (stretched(most) - stretched(least));
    }

    private double stretched(double value) {
        return scale == Scale.LOG ? Math.log10(value) : value;
    }

    /** Round values to write at the axis. @param most so many of them at most, at least 2 */
    List<Double> ticks(int most) {
        return switch (scale) {
            case CATEGORY -> DoubleStream.iterate(0, place -> place < this.most, place -> place + 1).boxed().toList();
            case LINEAR -> linearTicks(most);
            case LOG -> logTicks(most);
        };
    }

    private List<Double> linearTicks(int wanted) {
        double raw = (most - least) / wanted;
        double decade = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = decade;
        for (double nice : NICE) {
            step = nice * decade;
            if (step >= raw) {
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(least / step); i * step <= most; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> logTicks(int wanted) {
        List<Double> all = decades(1, 1, 2, 5);
        if (all.size() <= wanted) {
            return all;
        }
        List<Double> tens = decades(1, 1);
        for (int every = 2; tens.size() > wanted; every++) {
            tens = decades(every, 1);
        }
        return tens;
    }

    private List<Double> decades(int every, double... digits) {
        List<Double> ticks = new ArrayList<>();
        int first = Math.floorDiv((int) Math.floor(Math.log10(least)), every) * every;
        for (int exponent = first; exponent <= Math.log10(most); exponent += every) {
            for (double digit : digits) {
                double tick = Double.parseDouble((int) digit + "e" + exponent);
                if (tick >= least && tick <= most) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
