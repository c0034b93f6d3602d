package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {

    private static double[] first(Arrivals arrivals, double localStart, int count) {
        PrimitiveIterator.OfDouble times = arrivals.times(localStart, new SplittableRandom(3));
        return DoubleStream.generate(times::nextDouble).limit(count).toArray();
    }

    @Test
    void dailyTimesComeEveryDayFromTheStartOn() {
        Arrivals arrivals = new Arrivals.Daily(List.of(7200.0, 3600.0));
        assertThat(first(arrivals, 0, 3)).containsExactly(3600, 7200, 90_000);
        assertThat(first(arrivals, 3600, 3)).containsExactly(0, 3600, 86_400);
        assertThat(first(arrivals, 5000, 2)).containsExactly(2200, 85_000);
    }

    @Test
    void periodsMayRunPastMidnight() {
        Arrivals arrivals = new Arrivals.Periodic(1800, new DaySpan(84_600, 1800));
        assertThat(first(arrivals, 0, 3)).containsExactly(0, 84_600, 86_400);
        assertThat(first(arrivals, 84_600, 3)).containsExactly(0, 1800, 86_400);
    }

    @Test
    void fiftyTimesASecondIsExactlyThat() {
        double[] times = first(new Arrivals.Periodic(0.02, DaySpan.WHOLE_DAY), 36_000, 100);
        assertThat(times[0]).isZero();
        assertThat(times[99]).isEqualTo(1.98, within(1e-9));
    }

    @Test
    void chanceFollowsTheRatesOfTheHours() {
        List<Double> perHour = IntStream.range(0, 24).mapToObj(hour -> hour < 12 ? 0.0 : 100.0 * (hour - 11)).toList();
        PrimitiveIterator.OfDouble times = new Arrivals.Poisson(perHour).times(6 * 3600.0, new SplittableRandom(8));
        int[] counts = new int[24];
        int days = 100;
        for (double time = times.nextDouble(); time < days * DaySpan.DAY_SECONDS; time = times.nextDouble()) {
            counts[(int) (DaySpan.secondOfDay(time + 6 * 3600.0) / 3600)]++;
        }
        for (int hour = 0; hour < 24; hour++) {
            double expected = days * perHour.get(hour);
            assertThat((double) counts[hour]).as("hour %d", hour).isEqualTo(expected, within(5 * Math.sqrt(expected)));
        }
    }

    @Test
    void withoutARateNothingComes() {
        assertThat(first(new Arrivals.Poisson(Collections.nCopies(24, 0.0)), 0, 1)).containsExactly(Double.POSITIVE_INFINITY);
    }

    @Test
    void amountsHaveTheMedianThatTheyClaim() {
        SplittableRandom random = new SplittableRandom(2);
        Amount amount = new Amount.Lognormal(200, 0.8, 4000);
        double[] draws = DoubleStream.generate(() -> amount.draw(random)).limit(100_001).sorted().toArray();
        assertThat(draws[50_000]).isEqualTo(200, within(3.0));
        assertThat(draws[100_000]).isLessThanOrEqualTo(4000);
        // One standard deviation above the median: 84.13 %.
        assertThat(draws[84_134]).isEqualTo(200 * Math.exp(0.8), within(10.0));
    }
}
