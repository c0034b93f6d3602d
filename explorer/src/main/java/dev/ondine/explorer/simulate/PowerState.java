package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Surroundings.Battery;
import dev.ondine.explorer.simulate.Surroundings.Heat;
import dev.ondine.explorer.simulate.Surroundings.Throttle;

/** Battery level and temperature of a device, from one stretch of constant power to the next. */
final class PowerState {

    /** Of the capacity that an empty battery has to regain before the device starts again. */
    private static final double RESTART_SHARE = 0.02;

    private final boolean hasBattery;
    private final double capacity;
    private final double[] throttleCelsius;
    private final double[] throttleSpeed;
    private final double ambient;
    private final double hysteresis;
    private final double kelvinPerWatt;
    private final double joulesPerKelvin;
    private final boolean heats;
    private double level;
    private double celsius;
    private boolean on = true;
    private int throttle;
    private double drawnJoules;
    private double chargedJoules;
    private double throttledSeconds;
    private double offSeconds;
    private double highestCelsius;

    PowerState(Surroundings surroundings) {
        Battery battery = surroundings.battery().orElse(null);
        hasBattery = battery != null;
        capacity = hasBattery ? battery.capacityJoules() : Double.POSITIVE_INFINITY;
        level = hasBattery ? capacity * battery.startShare() : Double.POSITIVE_INFINITY;
        on = level > 0;
        Heat heat = surroundings.heat().orElse(null);
        heats = heat != null;
        ambient = heats ? heat.ambientCelsius() : Double.NaN;
        celsius = heats ? heat.startCelsius() : Double.NaN;
        highestCelsius = celsius;
        joulesPerKelvin = heats ? heat.joulesPerKelvin() : Double.NaN;
        kelvinPerWatt = heats ? heat.kelvinPerWatt() : Double.NaN;
        hysteresis = heats ? heat.hysteresisKelvin() : 0;
        throttleCelsius = heats ? heat.levels().stream().mapToDouble(Throttle::celsius).toArray() : new double[0];
        throttleSpeed = heats ? heat.levels().stream().mapToDouble(Throttle::speed).toArray() : new double[0];
        rethrottle();
    }

    /** Share of the full speed. */
    double speed() {
        return throttle == 0 ? 1 : throttleSpeed[throttle - 1];
    }

    boolean isOn() {
        return on;
    }

    double level() {
        return level;
    }

    double capacity() {
        return capacity;
    }

    double celsius() {
        return celsius;
    }

    /** Time passes while the device draws constant power. An empty battery ends the draw within the time. */
    void advance(double seconds, double loadWatts, double chargeWatts) {
        double left = seconds;
        while (left > 0) {
            double load = on ? loadWatts : 0;
            double untilSwitch = untilSwitch(load, chargeWatts);
            double stretch = Math.min(left, untilSwitch);
            stretch(stretch, load, chargeWatts);
            left -= stretch;
            if (untilSwitch <= stretch) {
                on = !on;
            }
        }
    }

    /** Seconds until the battery is empty, or full enough to start again. */
    double untilSwitch(double loadWatts, double chargeWatts) {
        double net = chargeWatts - loadWatts;
        if (!hasBattery) {
            return Double.POSITIVE_INFINITY;
        }
        if (on) {
            return net < 0 ? level / -net : Double.POSITIVE_INFINITY;
        }
        return net > 0 ? Math.max(0, (RESTART_SHARE * capacity - level) / net) : Double.POSITIVE_INFINITY;
    }

    private void stretch(double seconds, double load, double chargeWatts) {
        drawnJoules += load * seconds;
        if (hasBattery) {
            double before = level;
            level = Math.clamp(level + (chargeWatts - load) * seconds, 0, capacity);
            chargedJoules += level - before + load * seconds;
        }
        if (!on) {
            offSeconds += seconds;
        }
        if (heats) {
            if (throttle > 0 && on) {
                throttledSeconds += seconds;
            }
            double goal = ambient + load * kelvinPerWatt;
            celsius = goal + (celsius - goal) * Math.exp(-seconds / (joulesPerKelvin * kelvinPerWatt));
            highestCelsius = Math.max(highestCelsius, celsius);
            rethrottle();
        }
    }

    /** Energy that is drawn at once, by a radio. */
    void draw(double joules) {
        drawnJoules += joules;
        if (hasBattery) {
            level = Math.max(0, level - joules);
            on = on && level > 0;
        }
        if (heats) {
            celsius += joules / joulesPerKelvin;
            highestCelsius = Math.max(highestCelsius, celsius);
            rethrottle();
        }
    }

    private void rethrottle() {
        while (throttle < throttleCelsius.length && celsius >= throttleCelsius[throttle]) {
            throttle++;
        }
        while (throttle > 0 && celsius < throttleCelsius[throttle - 1] - hysteresis) {
            throttle--;
        }
    }

    double drawnJoules() {
        return drawnJoules;
    }

    double chargedJoules() {
        return chargedJoules;
    }

    double throttledSeconds() {
        return throttledSeconds;
    }

    double offSeconds() {
        return offSeconds;
    }

    double highestCelsius() {
        return highestCelsius;
    }
}
