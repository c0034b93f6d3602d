package dev.ondine.os.simulate;

import dev.ondine.os.MonotonicClock;

/** A clock that stands still until it is moved on. Starts at 0. */
public final class VirtualClock implements MonotonicClock {

    private long nanos;

    /** A clock at 0. */
    public VirtualClock() {
    }

    @Override
    public long nanos() {
        return nanos;
    }

    public void advance(double seconds) {
        nanos += Math.max(1, Math.round(seconds * 1e9));
    }

    /** Goes on to a moment; one that has passed changes nothing. */
    public void advanceTo(long moment) {
        nanos = Math.max(nanos, moment);
    }
}
