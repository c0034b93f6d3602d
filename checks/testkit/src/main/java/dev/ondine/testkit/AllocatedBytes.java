package dev.ondine.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures heap allocation, for tests that bound it. */
public final class AllocatedBytes {

    private AllocatedBytes() {
    }

    /** Heap bytes that the calling thread allocates while it runs the work. */
    public static long during(Runnable work) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        work.run();
        return memory.getCurrentThreadAllocatedBytes() - before;
    }
}
