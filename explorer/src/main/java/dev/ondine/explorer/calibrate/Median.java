package dev.ondine.explorer.calibrate;

import java.util.List;

/** The middle of some measurements, which a few disturbed ones do not move. */
public final class Median {

    private Median() {
    }

    public static double of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
