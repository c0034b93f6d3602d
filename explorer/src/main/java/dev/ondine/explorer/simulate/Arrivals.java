package dev.ondine.explorer.simulate;

import java.util.List;
import java.util.PrimitiveIterator;
import java.util.random.RandomGenerator;

/** When the tasks of a stream come. */
public sealed interface Arrivals {

    /**
     * Endless arrival times, ascending.
     *
     * @param localStart second of the day, local time, at which the clock stands at 0
     * @return seconds since the start, from 0 on
     */
    PrimitiveIterator.OfDouble times(double localStart, RandomGenerator random);

    /** At the same times every day. @param secondsOfDay ascending */
    record Daily(List<Double> secondsOfDay) implements Arrivals {

        public Daily {
            secondsOfDay = secondsOfDay.stream().sorted().toList();
        }

        @Override
        public PrimitiveIterator.OfDouble times(double localStart, RandomGenerator random) {
            double[] times = secondsOfDay.stream().mapToDouble(Double::doubleValue).toArray();
            return new Counted(times.length, localStart) {
                @Override
                double ofDay(int index) {
                    return times[index];
                }
            };
        }
    }

    /** Again and again after a fixed time, in one part of every day. */
    record Periodic(double everySeconds, DaySpan span) implements Arrivals {

        @Override
        public PrimitiveIterator.OfDouble times(double localStart, RandomGenerator random) {
            double from = span.fromSecond();
            double to = span.toSecond() > from ? span.toSecond() : span.toSecond() + DaySpan.DAY_SECONDS;
            return new Counted(Math.toIntExact((long) Math.ceil((to - from) / everySeconds - 1e-9)), localStart) {
                @Override
                double ofDay(int index) {
                    return from + index * everySeconds;
                }
            };
        }
    }

    /** By chance, independently of each other. @param perHour expected number, by hour of the day */
    record Poisson(List<Double> perHour) implements Arrivals {

        @Override
        public PrimitiveIterator.OfDouble times(double localStart, RandomGenerator random) {
            return new Thinned(perHour.stream().mapToDouble(Double::doubleValue).toArray(), localStart, random);
        }
    }

    /** Arrival times that repeat every day. */
    abstract class Counted implements PrimitiveIterator.OfDouble {

        private final int perDay;
        private final double localStart;
        // Yesterday's span may reach into the first day.
        private long day = -1;
        private int index;

        private Counted(int perDay, double localStart) {
            this.perDay = perDay;
            this.localStart = localStart;
        }

        abstract double ofDay(int index);

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public double nextDouble() {
            double time;
            do {
                time = day * DaySpan.DAY_SECONDS + ofDay(index) - localStart;
                if (++index == perDay) {
                    index = 0;
                    day++;
                }
            } while (time < 0);
            return time;
        }
    }

    /**
     * A Poisson process with a rate that changes: candidates at the highest rate, each kept with the chance that its hour has.
     *
     * @see <a href="https://doi.org/10.1002/nav.3800260304">Lewis, Shedler: thinning</a>
     */
    final class Thinned implements PrimitiveIterator.OfDouble {

        private final double[] perHour;
        private final double localStart;
        private final RandomGenerator random;
        private double most;
        private double now;

        private Thinned(double[] perHour, double localStart, RandomGenerator random) {
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
}
