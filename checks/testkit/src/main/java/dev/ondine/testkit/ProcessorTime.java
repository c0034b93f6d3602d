package dev.ondine.testkit;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Measures processor time, for tests of threads that should use none. */
public final class ProcessorTime {

    private ProcessorTime() {
    }

    /** What a living thread has used since it started. */
    public static Duration of(Thread thread) {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
    }
}
