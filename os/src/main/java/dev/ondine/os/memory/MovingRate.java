package dev.ondine.os.memory;

/** How fast something goes, learnt from how long it took: a mean that forgets, so that it follows a machine that changes. */
final class MovingRate {

    /** Of the newest observation: after eight, the first guess is a tenth of the mean. */
    private static final double WEIGHT = 0.25;

    private double secondsPerUnit;

    /** @param guess units per second, until more is known */
    MovingRate(double guess) {
        secondsPerUnit = 1 / guess;
    }

    void observe(double units, double seconds) {
        if (units > 0 && seconds > 0) {
            secondsPerUnit += WEIGHT * (seconds / units - secondsPerUnit);
        }
    }

    double perSecond() {
        return 1 / secondsPerUnit;
    }
}
