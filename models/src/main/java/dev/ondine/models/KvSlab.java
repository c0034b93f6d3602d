package dev.ondine.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of several cache blocks of one group, taken from the system and given back as a whole. */
final class KvSlab implements AutoCloseable {

    /** In order of place. */
    final KvBlock[] blocks;

    private final Arena arena = Arena.ofShared();
    private final KvBlock[] free;
    private int freeCount;

    KvSlab(SlabMemory memory, int group, long blockBytes, int count) {
        this.blocks = new KvBlock[count];
        this.free = new KvBlock[count];
        MemorySegment data;
        try {
            data = memory.allocate(arena, Math.multiplyExact(blockBytes, count), SlabMemory.ALIGNMENT_BYTES);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        for (int index = count - 1; index >= 0; index--) {
            blocks[index] = new KvBlock(group, this, index, data.asSlice(index * blockBytes, blockBytes));
            give(blocks[index]);
        }
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean isEmpty() {
        return freeCount == blocks.length;
    }

    int freeCount() {
        return freeCount;
    }

    KvBlock take() {
        return free[--freeCount];
    }

    void give(KvBlock block) {
        free[freeCount++] = block;
    }

    @Override
    public void close() {
        arena.close();
    }
}
