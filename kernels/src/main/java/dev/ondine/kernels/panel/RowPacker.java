package dev.ondine.kernels.panel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Moves the blocks of one weight row into the row's lane of a panel. */
interface RowPacker {

    ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of one line: a lane of four bytes for each of the panel's rows. */
    long LINE = 64;

    /**
     * Writes neighbouring blocks of one row.
     *
     * @param from   offset of the first block in {@code source}
     * @param blocks as many as the row has, or a whole number of records
     * @param to     offset in {@code target} of the record that the first block begins
     * @param row    of the panel, 0 to 15
     */
    void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row);

    /** Writes the low half of a number to a lane and the high half to the lane of the next line. */
    static void putLanes(MemorySegment target, long lane, long pair) {
        target.set(INT, lane, (int) pair);
        target.set(INT, lane + LINE, (int) (pair >>> 32));
    }
}
