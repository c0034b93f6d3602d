package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena of memory as the kernels like it, that knows how much was asked of it. */
final class CountingArena implements Arena {

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels;
    private long bytes;

    CountingArena(Kernels kernels) {
        this.kernels = kernels;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        bytes += byteSize;
        return kernels.allocate(arena, byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
