package dev.ondine.explorer.simulate;

import java.util.PrimitiveIterator;

/** Arrival times that repeat every day. */
abstract class DailyTimes implements PrimitiveIterator.OfDouble {

    private final int perDay;
    private final double localStart;
    // Yesterday's span may reach into the first day.
    private long day = -1;
    private int index;

    DailyTimes(int perDay, double localStart) {
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
