package dev.ondine.roofline.solve;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The values that an unknown can take.
 *
 * @param isWhole  whether only whole numbers count
 * @param isLinear whether equal differences matter; else equal ratios
 */
record Axis(double least, double most, boolean isWhole, boolean isLinear) {

    private static final int POINTS = 96;

    /** From here on ratios matter, if the least value is 0. */
    private static final double SMALLEST = 1e-6;

    private static final double SAME = 1e-13;

    /** Ascending, both ends included. */
    double[] grid() {
        double from = least > 0 || isLinear ? least : isWhole ? 1 : SMALLEST;
        DoubleStream inner = IntStream.range(0, POINTS).mapToDouble(i -> whole(isLinear
                ? from + (most - from) * i / (POINTS - 1) : from * Math.pow(most / from, i / (POINTS - 1.0))));
        return DoubleStream.concat(DoubleStream.of(least, most), inner.map(value -> Math.clamp(value, least, most)))
                .sorted().distinct().toArray();
    }

    private double whole(double value) {
        return isWhole ? Math.rint(value) : value;
    }

    /** A value between two others, by ratio where both have one. */
    double between(double low, double high, double share) {
        return whole(isLinear || low <= 0 ? low + (high - low) * share : low * Math.pow(high / low, share));
    }

    /** A value in the middle, or one of the two if there is nothing between them. */
    double middle(double low, double high) {
        return isWhole ? Math.floor(low + (high - low) / 2) : between(low, high, 0.5);
    }

    boolean isSame(double low, double high) {
        return isWhole ? high - low <= 1 : high - low <= SAME * Math.abs(high);
    }
}
