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
            return new DailyTimes(times.length, localStart) {
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
            return new DailyTimes(Math.toIntExact((long) Math.ceil((to - from) / everySeconds - 1e-9)), localStart) {
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
            return new PoissonTimes(perHour.stream().mapToDouble(Double::doubleValue).toArray(), localStart, random);
        }
    }
}
