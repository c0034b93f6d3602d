package dev.ondine.kernels.machine;

import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The cache of one sequence for one layer. Every block is full of NaN at first and has an inaccessible page beside it. */
final class GuardedCache implements KvPages {

    private final List<MemorySegment> blocks = new ArrayList<>();
    private final int blockPositions;

    GuardedCache(Arena arena, KvLayer layer, int positions) {
        blockPositions = layer.blockPositions();
        for (int position = 0; position < positions; position += blockPositions) {
            blocks.add(arena.allocate(layer.valuesOffsetBytes() + layer.valueBytes(), 2).fill((byte) -1));
        }
    }

    private GuardedCache(int blockPositions) {
        this.blockPositions = blockPositions;
    }

    /** Shares the whole blocks of the first positions, and copies the rest. */
    GuardedCache fork(Arena arena, int positions) {
        GuardedCache fork = new GuardedCache(blockPositions);
        for (int i = 0; i < blocks.size(); i++) {
            MemorySegment block = blocks.get(i);
            fork.blocks.add((i + 1) * blockPositions <= positions ? block : arena.allocate(block.byteSize(), 2).copyFrom(block));
        }
        return fork;
    }

    @Override
    public MemorySegment block(int index) {
        return blocks.get(index);
    }
}
