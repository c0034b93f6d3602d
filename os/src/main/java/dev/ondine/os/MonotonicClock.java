package dev.ondine.os;

/** A clock that never goes back: the machine's, or a virtual one that a simulated runner moves on. */
@FunctionalInterface
public interface MonotonicClock {

    MonotonicClock SYSTEM = System::nanoTime;

    long nanos();
}
