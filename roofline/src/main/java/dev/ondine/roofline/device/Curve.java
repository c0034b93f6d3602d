package dev.ondine.roofline.device;

import java.util.Arrays;

/**
 * A measured function of one positive number. Between two measurements it is a straight line through the logarithms of both axes;
 * beyond the first and the last it stays as it was there.
 *
 * @param x ascending
 * @param y positive
 */
public record Curve(double[] x, double[] y) {

    public Curve {
        boolean ascending = true;
        for (int i = 1; i < x.length; i++) {
            ascending &= x[i] > x[i - 1];
        }
        if (x.length == 0 || x.length != y.length || !ascending || !Arrays.stream(x).allMatch(value -> value > 0)
                || !Arrays.stream(y).allMatch(value -> value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a curve has as many y as x, all positive, x ascending; found x %s, y %s"
                    .formatted(Arrays.toString(x), Arrays.toString(y)));
        }
        x = x.clone();
        y = y.clone();
    }

    public double at(double where) {
        int upper = 0;
        while (upper < x.length && x[upper] < where) {
            upper++;
        }
        if (upper == 0 || upper == x.length) {
            return y[Math.min(upper, x.length - 1)];
        }
        double share = Math.log(where / x[upper - 1]) / Math.log(x[upper] / x[upper - 1]);
        return y[upper - 1] * Math.pow(y[upper] / y[upper - 1], share);
    }

    public double last() {
        return x[x.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Curve curve && Arrays.equals(x, curve.x) && Arrays.equals(y, curve.y);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(x) + Arrays.hashCode(y);
    }

    @Override
    public String toString() {
        return Arrays.toString(x) + " -> " + Arrays.toString(y);
    }
}
