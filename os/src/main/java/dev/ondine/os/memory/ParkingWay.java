package dev.ondine.os.memory;

/** What becomes of the cache of a task that does not run. */
public enum ParkingWay {
    /** It stays where it is. */
    KEPT,
    /** It is rounded to 8 bits: about half the memory, and what the task says afterwards may differ. */
    COMPRESSED,
    /** It is in a file. */
    SWAPPED,
    /** It is computed again when the task goes on. */
    DROPPED
}
