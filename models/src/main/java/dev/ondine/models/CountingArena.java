package dev.ondine.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena that knows how much was asked of it. */
final class CountingArena implements Arena {

    private final Arena arena = Arena.ofShared();
    private long bytes;

    long bytes() {
        return bytes;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        bytes += byteSize;
        return arena.allocate(byteSize, byteAlignment);
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
