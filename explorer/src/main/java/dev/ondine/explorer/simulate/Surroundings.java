package dev.ondine.explorer.simulate;

import java.util.List;
import java.util.Optional;

/**
 * What is around the processor: link, battery, heat, and what else uses memory and power.
 *
 * @param battery empty for a device at a socket
 * @param heat    empty for a device that is cooled well enough
 */
public record Surroundings(Link link, Optional<Battery> battery, Optional<Heat> heat, List<Activity> activities) {

    /** A device at a socket, cooled, without a link. */
    public static final Surroundings NONE = new Surroundings(
            new Link(new Quality(0, 0, Double.POSITIVE_INFINITY, true), List.of(), 0, new Amount.Fixed(0)),
            Optional.empty(), Optional.empty(), List.of());

    public Surroundings {
        activities = List.copyOf(activities);
    }

    /**
     * The way to the cloud.
     *
     * @param usual          outside of all spells
     * @param spells         the first that holds is taken
     * @param outagesPerHour that come by chance
     */
    public record Link(Quality usual, List<Spell> spells, double outagesPerHour, Amount outageSeconds) {

        public Link {
            spells = List.copyOf(spells);
        }

        Quality at(double secondOfDay) {
            for (Spell spell : spells) {
                if (spell.span().contains(secondOfDay)) {
                    return spell.quality();
                }
            }
            return usual;
        }
    }

    /** A part of the day with a link of its own. */
    public record Spell(DaySpan span, Quality quality) {
    }

    /**
     * How good a link is.
     *
     * @param loss share of round trips that have to be repeated
     */
    public record Quality(double rttSeconds, double loss, double bytesPerSecond, boolean offline) {

        /** Of a round trip with its repetitions, each of which costs another: rtt / (1 - loss). */
        double expectedRttSeconds() {
            return rttSeconds / (1 - loss);
        }
    }

    /** What the device carries with it. @param startShare of the capacity at the start */
    public record Battery(double capacityJoules, double startShare, List<Charge> charging) {

        public Battery {
            charging = List.copyOf(charging);
        }
    }

    /** A part of the day at the charger. @param watts that reach the battery */
    public record Charge(DaySpan span, double watts) {
    }

    /**
     * One thermal mass behind one resistance: C dT/dt = P - (T - ambient) / R.
     *
     * @param joulesPerKelvin  C, of what heats up
     * @param kelvinPerWatt    R, to the air
     * @param levels           ascending by temperature
     * @param hysteresisKelvin that it has to cool below a level before full speed returns
     * @see <a href="https://doi.org/10.1145/871656.859620">Skadron et al.: temperature-aware microarchitecture</a>, for RC models of chips
     */
    public record Heat(double ambientCelsius, double startCelsius, double joulesPerKelvin, double kelvinPerWatt, List<Throttle> levels,
            double hysteresisKelvin) {

        public Heat {
            levels = List.copyOf(levels);
        }
    }

    /** From a temperature on, a share of the full speed. */
    public record Throttle(double celsius, double speed) {
    }

    /** A part of the day in which display, camera or others use memory and power. */
    public record Activity(String name, DaySpan span, double bytesPerSecond, double watts) {
    }
}
