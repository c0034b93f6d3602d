package dev.ondine.explorer.simulate;

import java.util.PrimitiveIterator;
import java.util.random.RandomGenerator;

/**
 * A Poisson process with a rate that changes: candidates at the highest rate, each kept with the chance that its hour has.
 *
 * @see <a href="https://doi.org/10.1002/nav.3800260304">Lewis, Shedler: thinning</a>
 */
final class PoissonTimes implements PrimitiveIterator.OfDouble {

    private final double[] perHour;
    private final double localStart;
    private final RandomGenerator random;
    private double most;
    private double now;

    PoissonTimes(double[] perHour, double localStart, RandomGenerator random) {
        this.perHour = perHour;
        this.localStart = localStart;
        this.random = random;
        for (double rate : perHour) {
            most = Math.max(most, rate);
        }
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public double nextDouble() {
        do {
            now -= Math.log1p(-random.nextDouble()) * 3600 / most;
        } while (most > 0 && random.nextDouble() * most >= perHour[(int) (DaySpan.secondOfDay(now + localStart) / 3600)]);
        return most > 0 ? now : Double.POSITIVE_INFINITY;
    }
}
