package dev.ondine.os;

import java.time.Duration;

/** An amount that comes back evenly with time, up to what a minute brings; it may be overdrawn. */
final class Allowance {

    private static final double NANOS_PER_MINUTE = 60e9;

    private final double perMinute;
    private double left;
    private long asOfNanos;

    Allowance(double perMinute, long nowNanos) {
        this.perMinute = perMinute;
        this.left = perMinute;
        this.asOfNanos = nowNanos;
    }

    void take(double amount) {
        left -= amount;
    }

    /** How long until there is so much, or all that there can be; zero if there is. */
    Duration untilHas(double amount, long nowNanos) {
        refill(nowNanos);
        double missing = Math.min(amount, perMinute) - left;
        boolean isThere = amount > 0 ? missing <= 0 : left > 0;
        return isThere ? Duration.ZERO : Duration.ofNanos(1 + (long) (Math.max(0, missing) / perMinute * NANOS_PER_MINUTE));
    }

    /** Whether nothing is missing. */
    boolean isWhole(long nowNanos) {
        refill(nowNanos);
        return left >= perMinute;
    }

    private void refill(long nowNanos) {
        left = Math.min(perMinute, left + perMinute * (nowNanos - asOfNanos) / NANOS_PER_MINUTE);
        asOfNanos = nowNanos;
    }
}
