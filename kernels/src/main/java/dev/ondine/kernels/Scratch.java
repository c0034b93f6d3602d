package dev.ondine.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory for intermediate results that grows to the largest size asked for and stays; contents are lost when it grows. */
final class Scratch {

    private static final long ALIGNMENT_BYTES = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /** The address of at least this many bytes, 64-byte aligned; earlier addresses become invalid when it has to grow. */
    long address(long bytes) {
        if (memory.byteSize() < bytes) {
            // Twice the old size, so that a context that grows token by token allocates rarely.
            memory = Arena.ofAuto().allocate(Math.max(bytes, 2 * memory.byteSize()), ALIGNMENT_BYTES);
        }
        return memory.address();
    }

    static Scratch[] perWorker(int workers) {
        Scratch[] scratch = new Scratch[workers];
        for (int worker = 0; worker < workers; worker++) {
            scratch[worker] = new Scratch();
        }
        return scratch;
    }
}
