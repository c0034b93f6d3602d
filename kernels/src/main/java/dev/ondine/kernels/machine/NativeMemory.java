package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory that grows to the largest size asked for and stays. */
final class NativeMemory {

    private static final long ALIGNMENT_BYTES = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /** The address of at least this many bytes, 64-byte aligned; contents are lost and earlier addresses invalid when it has to grow. */
    long reserve(long bytes) {
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(Math.max(bytes, 2 * memory.byteSize()), ALIGNMENT_BYTES);
        }
        return memory.address();
    }

    /** Copies the first numbers to where the memory begins; its address. */
    long put(long[] numbers, int count) {
        reserve((long) count * Long.BYTES);
        MemorySegment.copy(numbers, 0, memory, ValueLayout.JAVA_LONG, 0, count);
        return memory.address();
    }
}
