package dev.ondine.os;

/** How urgent a task is, most urgent first. */
public enum PriorityClass {
    /** Must start within one step: a hazard, a control loop. */
    INTERRUPT,
    /** Someone waits for it. */
    FOREGROUND,
    NORMAL,
    /** Nobody waits: summaries over night. */
    BACKGROUND
}
