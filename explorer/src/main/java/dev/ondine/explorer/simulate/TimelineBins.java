package dev.ondine.explorer.simulate;

import dev.ondine.os.PriorityClass;
import java.util.Arrays;

/** What happened in each of equal parts of a scenario's time. */
final class TimelineBins {

    final double[][] busySeconds;
    final double[][] arrived;
    final double[] deviceTokens;
    final double[] cloudTokens;
    final double[] highestCelsius;
    final double[] batteryShare;
    final double[] speed;

    TimelineBins(int bins) {
        int classes = PriorityClass.values().length;
        busySeconds = new double[classes][bins];
        arrived = new double[classes][bins];
        deviceTokens = new double[bins];
        cloudTokens = new double[bins];
        highestCelsius = filled(bins);
        batteryShare = filled(bins);
        speed = filled(bins);
    }

    private static double[] filled(int bins) {
        double[] values = new double[bins];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    void busy(int bin, PriorityClass priority, double seconds) {
        busySeconds[priority.ordinal()][bin] += seconds;
    }

    void arrived(int bin, PriorityClass priority) {
        arrived[priority.ordinal()][bin]++;
    }

    void deviceTokens(int bin, int tokens) {
        deviceTokens[bin] += tokens;
    }

    void cloudTokens(int bin, int tokens) {
        cloudTokens[bin] += tokens;
    }

    /** The highest temperature, the last level, the lowest speed. */
    void state(int bin, PowerState power) {
        highestCelsius[bin] = highestCelsius[bin] >= power.celsius() ? highestCelsius[bin] : power.celsius();
        batteryShare[bin] = power.level() / power.capacity();
        speed[bin] = speed[bin] <= power.speed() ? speed[bin] : power.speed();
    }
}
