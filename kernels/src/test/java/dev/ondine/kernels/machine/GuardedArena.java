package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Whose segments each have an inaccessible page right behind or before them, in turns. Aligned to a float and no more. */
final class GuardedArena implements Arena {

    private final Arena owner = Arena.ofShared();
    private final List<GuardedMemory> allocated = new ArrayList<>();

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        GuardedMemory memory = allocated.size() % 3 == 2 ? GuardedMemory.beginningAfterGuard(byteSize)
                : GuardedMemory.endingAtGuard(byteSize);
        allocated.add(memory);
        return memory.segment();
    }

    @Override
    public MemorySegment.Scope scope() {
        return owner.scope();
    }

    @Override
    public void close() {
        owner.close();
        allocated.forEach(GuardedMemory::close);
    }
}
