package dev.ondine.explorer.calibrate;

import java.util.List;

/** The time that a quarter of the repetitions did not exceed: what a step takes when nothing else disturbs it. */
public final class LowerQuartile {

    private LowerQuartile() {
    }

    public static double of(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 4);
    }
}
