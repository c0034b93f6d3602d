package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The arguments of a piece of machine code: numbers of 64 bits in native memory. One per worker, used again for every call. */
final class ArgumentBlock {

    private static final long BYTES = 256;

    private final MemorySegment memory;

    ArgumentBlock(Arena arena) {
        // Whole cache lines of its own, so that workers do not disturb each other.
        memory = arena.allocate(BYTES, BYTES);
    }

    static ArgumentBlock[] perWorker(Arena arena, int workers) {
        ArgumentBlock[] blocks = new ArgumentBlock[workers];
        for (int worker = 0; worker < workers; worker++) {
            blocks[worker] = new ArgumentBlock(arena);
        }
        return blocks;
    }

    /** Sets the number at this offset in bytes. */
    ArgumentBlock set(int offset, long value) {
        memory.set(ValueLayout.JAVA_LONG, offset, value);
        return this;
    }

    /** Runs the code with these arguments. */
    void run(MachineCode code) {
        code.call(memory.address());
    }
}
