package dev.ondine.os;

/** Where a task stands. */
public enum TaskState {
    /** It has not taken part in a step yet. */
    WAITING,
    /** It takes part in steps and holds its part of the cache. */
    RUNNING,
    /** It was interrupted: its cache is kept, compressed, on disk or to be computed again. */
    PARKED,
    /** It waits for a tool or for another task. */
    BLOCKED,
    DONE
}
