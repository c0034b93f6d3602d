package dev.ondine.kernels.machine;

import java.lang.foreign.MemorySegment;

/** A piece of machine code in {@link CodeMemory}, ready to be called. Many threads may call it at once. */
public final class MachineCode {

    private final CodeMemory memory;
    private final MemorySegment entry;

    MachineCode(CodeMemory memory, MemorySegment entry) {
        this.memory = memory;
        this.entry = entry;
    }

    /**
     * Runs the code. The caller answers for every address that the code will touch: a wrong one ends the process.
     *
     * @param argumentBlock address of the code's arguments, in the code's first argument register
     * @throws IllegalStateException if the memory is closed
     */
    public void call(long argumentBlock) {
        if (memory.isClosed()) {
            throw new IllegalStateException("the memory of this machine code is closed");
        }
        SystemCalls.call(entry, argumentBlock);
    }

    /** Where the code begins. */
    public long address() {
        return entry.address();
    }
}
