package dev.ondine.roofline.formula;

/**
 * A device as one body that warms up and cools towards the air: C dT/dt = P - (T - ambient) / R.
 *
 * <p>A governor keeps it at the throttling temperature by letting it draw no more than it gives off there.
 *
 * @param ambientCelsius   of the air, or the hand
 * @param joulesPerKelvin  heat capacity, C
 * @param kelvinPerWatt    thermal resistance to the air, R
 * @param throttleCelsius  that the governor allows
 * @see <a href="https://en.wikipedia.org/wiki/Lumped-element_model">Lumped-element model</a>
 */
public record Heat(double ambientCelsius, double joulesPerKelvin, double kelvinPerWatt, double throttleCelsius) {

    public Heat {
        Require.within("ambient temperature", ambientCelsius, -60, 150);
        Require.positive("heat capacity", joulesPerKelvin);
        Require.positive("thermal resistance", kelvinPerWatt);
        if (!(throttleCelsius > ambientCelsius)) {
            throw new IllegalArgumentException("throttling at %s °C is no warmer than the air at %s °C"
                    .formatted(throttleCelsius, ambientCelsius));
        }
    }

    /** Power at which the device stays at the throttling temperature for ever. */
    public double sustainedWatts() {
        return (throttleCelsius - ambientCelsius) / kelvinPerWatt;
    }

    /** Where the temperature ends at a constant power. */
    public double settledCelsius(double watts) {
        return ambientCelsius + watts * kelvinPerWatt;
    }

    /** Temperature after some seconds of constant power; this may be above the throttling temperature. */
    public double celsiusAfter(double startCelsius, double watts, double seconds) {
        double settled = settledCelsius(watts);
        return settled + (startCelsius - settled) * Math.exp(-seconds / timeConstant());
    }

    /** Seconds of constant power until the device throttles; infinite where it never does, 0 where it is too warm already. */
    public double secondsToThrottle(double startCelsius, double watts) {
        if (startCelsius >= throttleCelsius) {
            return 0;
        }
        double settled = settledCelsius(watts);
        return settled <= throttleCelsius ? Double.POSITIVE_INFINITY
                : timeConstant() * Math.log((settled - startCelsius) / (settled - throttleCelsius));
    }

    /**
     * Share of the full speed that a hot device keeps, where power above idle goes with speed.
     *
     * @param fullWatts drawn at full speed, idle power included
     */
    public double sustainedShare(double fullWatts, double idleWatts) {
        Require.notNegative("idle power", idleWatts);
        if (!(fullWatts > idleWatts)) {
            throw new IllegalArgumentException("full power %s W is not above idle power %s W".formatted(fullWatts, idleWatts));
        }
        return Math.clamp((sustainedWatts() - idleWatts) / (fullWatts - idleWatts), 0, 1);
    }

    /** Mean share of the full speed over a run: full until the device throttles, what it sustains from then on. */
    public double meanShare(double startCelsius, double fullWatts, double idleWatts, double seconds) {
        double full = Math.min(Require.positive("time", seconds), secondsToThrottle(startCelsius, fullWatts));
        return (full + (seconds - full) * sustainedShare(fullWatts, idleWatts)) / seconds;
    }

    /** Seconds in which a difference to the settled temperature shrinks to 1/e: R C. */
    public double timeConstant() {
        return kelvinPerWatt * joulesPerKelvin;
    }
}
