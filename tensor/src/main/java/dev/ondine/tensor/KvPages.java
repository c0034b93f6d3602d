package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;

/** One sequence's block table: the blocks that hold its keys and values, in order of position. */
public interface KvPages {

    /**
     * The block that holds positions {@code [index * blockPositions, (index + 1) * blockPositions)}.
     *
     * @throws IndexOutOfBoundsException if the sequence has no such block, or no longer (a window has passed it)
     */
    MemorySegment block(int index);
}
