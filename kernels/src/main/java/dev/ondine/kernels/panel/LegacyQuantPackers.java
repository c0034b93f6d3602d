package dev.ondine.kernels.panel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Panels of the formats with blocks of 32 columns. A record begins with a line of scales, block after block, 16 rows each; then the
 * lines of its blocks follow.
 *
 * <p>Nibble line j (0 to 3) of a block: lane r holds the bytes 4j to 4j+3 of row r, so that the lower nibbles are columns 4j to 4j+3
 * and the upper ones columns 16+4j to 16+4j+3.
 */
final class LegacyQuantPackers {

    private static final int NIBBLE_LINES = 4;

    private LegacyQuantPackers() {
    }

    /** Writes the four nibble lines of one block. */
    private static void putNibbles(MemorySegment source, long nibbles, MemorySegment target, long lane) {
        RowPacker.putLanes(target, lane, source.get(RowPacker.LONG, nibbles));
        RowPacker.putLanes(target, lane + 2 * RowPacker.LINE, source.get(RowPacker.LONG, nibbles + 8));
    }

    /** F16 scale and nibbles. Record: 64 columns. */
    static final class Q4_0 implements RowPacker {

        private static final int BLOCK_BYTES = 18;
        private static final long RECORD = LINE * (1 + 2 * NIBBLE_LINES);

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 1);
                int half = i & 1;
                target.set(SHORT, record + 32L * half + 2L * row, source.get(SHORT, block));
                putNibbles(source, block + 2, target, record + LINE * (1 + NIBBLE_LINES * half) + 4L * row);
            }
        }
    }

    /** F16 scale, F16 minimum and nibbles. Record: 64 columns, a line of scales and a line of minima. */
    static final class Q4_1 implements RowPacker {

        private static final int BLOCK_BYTES = 20;
        private static final long RECORD = LINE * (2 + 2 * NIBBLE_LINES);

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 1);
                int half = i & 1;
                target.set(SHORT, record + 32L * half + 2L * row, source.get(SHORT, block));
                target.set(SHORT, record + LINE + 32L * half + 2L * row, source.get(SHORT, block + 2));
                putNibbles(source, block + 4, target, record + LINE * (2 + NIBBLE_LINES * half) + 4L * row);
            }
        }
    }

    /** As Q4_0 with a line of fifth bits before the nibbles of each block. */
    static final class Q5_0 implements RowPacker {

        private static final int BLOCK_BYTES = 22;
        private static final int BLOCK_LINES = 1 + NIBBLE_LINES;
        private static final long RECORD = LINE * (1 + 2 * BLOCK_LINES);

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 1);
                int half = i & 1;
                long lane = record + LINE * (1 + BLOCK_LINES * half) + 4L * row;
                target.set(SHORT, record + 32L * half + 2L * row, source.get(SHORT, block));
                target.set(INT, lane, fifthBits(source.get(INT, block + 2)));
                putNibbles(source, block + 6, target, lane + LINE);
            }
        }
    }

    /** As Q4_1 with a line of fifth bits before the nibbles of each block. */
    static final class Q5_1 implements RowPacker {

        private static final int BLOCK_BYTES = 24;
        private static final int BLOCK_LINES = 1 + NIBBLE_LINES;
        private static final long RECORD = LINE * (2 + 2 * BLOCK_LINES);

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 1);
                int half = i & 1;
                long lane = record + LINE * (2 + BLOCK_LINES * half) + 4L * row;
                target.set(SHORT, record + 32L * half + 2L * row, source.get(SHORT, block));
                target.set(SHORT, record + LINE + 32L * half + 2L * row, source.get(SHORT, block + 2));
                target.set(INT, lane, fifthBits(source.get(INT, block + 4)));
                putNibbles(source, block + 8, target, lane + LINE);
            }
        }
    }

    /** Bit c of a block's fifth bits belongs to column c; in a lane, byte i has bit j for column 4j+i. */
    private static int fifthBits(int bits) {
        return Integer.compress(bits, 0x11111111) | Integer.compress(bits, 0x22222222) << 8
                | Integer.compress(bits, 0x44444444) << 16 | Integer.compress(bits, 0x88888888) << 24;
    }

    /** F16 scale and signed bytes. Record: 64 columns; line j of a block holds columns 4j to 4j+3, 128 added to each number. */
    static final class Q8_0 implements RowPacker {

        private static final int BLOCK_BYTES = 34;
        private static final int BLOCK_LINES = 8;
        private static final long RECORD = LINE * (1 + 2 * BLOCK_LINES);
        private static final long SIGNS = 0x8080808080808080L;

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 1);
                int half = i & 1;
                long lane = record + LINE * (1 + BLOCK_LINES * half) + 4L * row;
                target.set(SHORT, record + 32L * half + 2L * row, source.get(SHORT, block));
                RowPacker.putLanes(target, lane, source.get(LONG, block + 2) ^ SIGNS);
                RowPacker.putLanes(target, lane + 2 * LINE, source.get(LONG, block + 10) ^ SIGNS);
                RowPacker.putLanes(target, lane + 4 * LINE, source.get(LONG, block + 18) ^ SIGNS);
                RowPacker.putLanes(target, lane + 6 * LINE, source.get(LONG, block + 26) ^ SIGNS);
            }
        }
    }

    /** E8M0 scale and nibbles. Record: 128 columns; four blocks of scale bytes fill the first line. */
    static final class MXFP4 implements RowPacker {

        private static final int BLOCK_BYTES = 17;
        private static final long RECORD = LINE * (1 + 4 * NIBBLE_LINES);

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * (i >> 2);
                int quarter = i & 3;
                target.set(ValueLayout.JAVA_BYTE, record + 16L * quarter + row, source.get(ValueLayout.JAVA_BYTE, block));
                putNibbles(source, block + 1, target, record + LINE * (1 + NIBBLE_LINES * quarter) + 4L * row);
            }
        }
    }
}
