package dev.ondine.kernels.panel;

import java.lang.foreign.MemorySegment;

/** Panels of plain numbers. */
final class PlainPackers {

    private PlainPackers() {
    }

    /** Record: one column. Lane r: its number in row r. */
    static final class F32 implements RowPacker {

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                target.set(INT, to + LINE * i + 4L * row, source.get(INT, from + 4L * i));
            }
        }
    }

    /** Record: two columns, 16 rows of the first and then of the second. */
    static final class F16 implements RowPacker {

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                target.set(SHORT, to + LINE / 2 * i + 2L * row, source.get(SHORT, from + 2L * i));
            }
        }
    }

    /** Record: two columns. Lane r: both numbers of row r, as the dot product of pairs reads them. */
    static final class BF16 implements RowPacker {

        @Override
        public void pack(MemorySegment source, long from, int blocks, MemorySegment target, long to, int row) {
            for (int i = 0; i < blocks; i++) {
                target.set(SHORT, to + LINE * (i / 2) + 4L * row + 2L * (i & 1), source.get(SHORT, from + 2L * i));
            }
        }
    }
}
