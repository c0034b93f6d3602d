package dev.ondine.server.monitor;

/**
 * The time of all reports: milliseconds since the server was made, with fractions.
 *
 * @param startNanos of the kernel's clock
 */
public record ServerClock(long startNanos) {

    /** A clock that starts now. */
    public static ServerClock started() {
        return new ServerClock(System.nanoTime());
    }

    double now() {
        return millis(System.nanoTime());
    }

    double millis(long nanos) {
        return (nanos - startNanos) / 1e6;
    }

    /** Null for a moment that has not come. */
    Double millisIfCome(long nanos) {
        return nanos == Long.MIN_VALUE ? null : Double.valueOf(millis(nanos));
    }
}
