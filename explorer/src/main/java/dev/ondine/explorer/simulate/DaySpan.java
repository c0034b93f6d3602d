package dev.ondine.explorer.simulate;

/**
 * A part of every day, by the device's local time; it runs past midnight if it ends before it begins.
 *
 * @param fromSecond of the day, included
 * @param toSecond   of the day, excluded; 86,400 for midnight
 */
public record DaySpan(double fromSecond, double toSecond) {

    public static final double DAY_SECONDS = 86_400;

    public static final DaySpan WHOLE_DAY = new DaySpan(0, DAY_SECONDS);

    public boolean contains(double secondOfDay) {
        return fromSecond <= toSecond ? secondOfDay >= fromSecond && secondOfDay < toSecond
                : secondOfDay >= fromSecond || secondOfDay < toSecond;
    }

    static double secondOfDay(double localSeconds) {
        return localSeconds - DAY_SECONDS * Math.floor(localSeconds / DAY_SECONDS);
    }
}
