package dev.ondine.kernels.panel;

import java.lang.foreign.MemorySegment;

/**
 * Panels of the k-quants. A record is one block of 256 columns in 16 rows: scales, then eight groups of 32 columns, each with the
 * nibble lines that {@link LegacyQuantPackers} describes. The file pairs nibbles of two groups in a byte, the panel those of one.
 */
final class KQuantPackers {

    private static final int GROUPS = 8;
    /** Lines before the groups of Q4_K and Q5_K: one of F16 scales and minimum scales, three of group scales. */
    private static final int SCALE_LINES = 4;
    private static final int NIBBLE_LINES = 4;
    private static final long NIBBLES = 0x0f0f0f0f0f0f0f0fL;

    private KQuantPackers() {
    }

    /** Scale, minimum scale, 12 bytes of group scales as in the file, nibbles. */
    static final class Q4_K implements RowPacker {

        private static final int BLOCK_BYTES = 144;
        private static final int FILE_NIBBLES = 16;
        private static final long RECORD = SCALE_LINES * LINE + GROUPS * NIBBLE_LINES * LINE;

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * i;
                putScales(source, block, target, record, row);
                for (int pair = 0; pair < GROUPS / 2; pair++) {
                    long lane = record + LINE * (SCALE_LINES + 2 * NIBBLE_LINES * pair) + 4L * row;
                    putNibblesOfTwo(source, block + FILE_NIBBLES + 32L * pair, target, lane, lane + NIBBLE_LINES * LINE);
                }
            }
        }
    }

    /** As Q4_K with a line of fifth bits before the nibbles of each group. */
    static final class Q5_K implements RowPacker {

        private static final int BLOCK_BYTES = 176;
        private static final int FILE_FIFTH_BITS = 16;
        private static final int FILE_NIBBLES = 48;
        private static final int GROUP_LINES = 1 + NIBBLE_LINES;
        private static final long RECORD = SCALE_LINES * LINE + GROUPS * GROUP_LINES * LINE;
        private static final long ONES = 0x0101010101010101L;

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * i;
                long lane = record + LINE * SCALE_LINES + 4L * row;
                putScales(source, block, target, record, row);
                putFifthBits(source, block + FILE_FIFTH_BITS, target, lane);
                for (int pair = 0; pair < GROUPS / 2; pair++) {
                    long even = lane + LINE * (2 * GROUP_LINES * pair + 1);
                    putNibblesOfTwo(source, block + FILE_NIBBLES + 32L * pair, target, even, even + GROUP_LINES * LINE);
                }
            }
        }

        /** In the file, bit g of byte c belongs to column c of group g; in the lane of group g, byte i has bit j for column 4j+i. */
        private static void putFifthBits(MemorySegment source, long bits, MemorySegment target, long lane) {
            long a = source.get(LONG, bits);
            long b = source.get(LONG, bits + 8);
            long c = source.get(LONG, bits + 16);
            long d = source.get(LONG, bits + 24);
            for (int group = 0; group < GROUPS; group++) {
                long spread = (a >>> group & ONES) | (b >>> group & ONES) << 2 | (c >>> group & ONES) << 4 | (d >>> group & ONES) << 6;
                target.set(INT, lane + LINE * GROUP_LINES * group, (int) spread | (int) (spread >>> 32) << 1);
            }
        }
    }

    /** Scale, a line's half of zeros, 16 signed group scales, then per 32 columns two lines of upper bits and the nibbles. */
    static final class Q6_K implements RowPacker {

        private static final int BLOCK_BYTES = 210;
        private static final int FILE_UPPER_BITS = 128;
        private static final int FILE_GROUP_SCALES = 192;
        private static final int FILE_SCALE = 208;
        private static final int GROUP_SCALE_LINES = 4;
        private static final int GROUP_LINES = 2 + NIBBLE_LINES;
        private static final long RECORD = LINE * (1 + GROUP_SCALE_LINES + GROUPS * GROUP_LINES);
        private static final long TWO_BITS = 0x0303030303030303L;

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                long block = from + (long) BLOCK_BYTES * i;
                long record = to + RECORD * i;
                target.set(SHORT, record + 2L * row, source.get(SHORT, block + FILE_SCALE));
                target.set(SHORT, record + 32 + 2L * row, (short) 0);
                RowPacker.putLanes(target, record + LINE + 4L * row, source.get(LONG, block + FILE_GROUP_SCALES));
                RowPacker.putLanes(target, record + 3 * LINE + 4L * row, source.get(LONG, block + FILE_GROUP_SCALES + 8));
                for (int half = 0; half < 2; half++) {
                    long lane = record + LINE * (1 + GROUP_SCALE_LINES + 4 * GROUP_LINES * half) + 4L * row;
                    putHalf(source, block + 64L * half, block + FILE_UPPER_BITS + 32L * half, target, lane);
                }
            }
        }

        /** Four groups, whose upper bits share 32 bytes; groups 0 and 2 share nibble bytes, as do 1 and 3. */
        private static void putHalf(MemorySegment source, long nibbles, long upperBits, MemorySegment target, long lane) {
            for (int group = 0; group < 4; group++) {
                putUpperBits(source, upperBits, 2 * group, target, lane + LINE * GROUP_LINES * group);
            }
            long third = lane + LINE * (2 * GROUP_LINES + 2);
            putNibblesOfTwo(source, nibbles, target, lane + LINE * 2, third);
            putNibblesOfTwo(source, nibbles + 32, target, lane + LINE * (GROUP_LINES + 2), third + LINE * GROUP_LINES);
        }

        /** Line h: byte i has bits 2j and 2j+1 for column 4(4h+j)+i. */
        private static void putUpperBits(MemorySegment source, long bits, int shift, MemorySegment target, long lane) {
            for (int line = 0; line < 2; line++) {
                long a = source.get(LONG, bits + 16L * line) >>> shift & TWO_BITS;
                long b = source.get(LONG, bits + 16L * line + 8) >>> shift & TWO_BITS;
                long spread = a | b << 4;
                target.set(INT, lane + LINE * line, (int) spread | (int) (spread >>> 32) << 2);
            }
        }
    }

    private static void putScales(MemorySegment source, long block, MemorySegment target, long record, int row) {
        target.set(RowPacker.SHORT, record + 2L * row, source.get(RowPacker.SHORT, block));
        target.set(RowPacker.SHORT, record + 32 + 2L * row, source.get(RowPacker.SHORT, block + 2));
        RowPacker.putLanes(target, record + RowPacker.LINE + 4L * row, source.get(RowPacker.LONG, block + 4));
        target.set(RowPacker.INT, record + 3 * RowPacker.LINE + 4L * row, source.get(RowPacker.INT, block + 12));
    }

    /** 32 bytes whose lower nibbles are one group's columns and whose upper nibbles another's. */
    private static void putNibblesOfTwo(MemorySegment source, long nibbles, MemorySegment target, long lower, long upper) {
        for (int i = 0; i < 2; i++) {
            long first = source.get(RowPacker.LONG, nibbles + 8L * i);
            long second = source.get(RowPacker.LONG, nibbles + 16 + 8L * i);
            RowPacker.putLanes(target, lower + 2 * RowPacker.LINE * i, first & NIBBLES | (second & NIBBLES) << 4);
            RowPacker.putLanes(target, upper + 2 * RowPacker.LINE * i, first >>> 4 & NIBBLES | second & NIBBLES << 4);
        }
    }
}
