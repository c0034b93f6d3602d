package dev.ondine.kernels.panel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads one number of a packed matrix at a time, by the description of its layout: slow, and obviously right. */
final class PanelElements {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int[] IQ4_NL = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int[] DOUBLED_MXFP4 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private final MemorySegment record;
    private final int row;
    private final int column;
    private final PackedMatrix matrix;

    /** @param row    of the matrix, padding included; @param column likewise */
    private PanelElements(PackedMatrix matrix, int row, int column) {
        PanelLayout layout = matrix.layout();
        long panel = row / 16 * layout.panelBytes(matrix.columns());
        this.matrix = matrix;
        this.record = matrix.data().asSlice(panel + (long) column / layout.recordColumns() * layout.recordBytes(), layout.recordBytes());
        this.row = row % 16;
        this.column = column % layout.recordColumns();
    }

    static float element(PackedMatrix matrix, int row, int column) {
        return new PanelElements(matrix, row, column).value();
    }

    private float value() {
        int half = column / 32;
        return switch (matrix.format()) {
            case F32 -> Float.intBitsToFloat(record.get(ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN), 4L * row));
            case F16 -> half(32L * column + 2L * row);
            case BF16 -> Float.intBitsToFloat(record.get(SHORT, 4L * row + 2L * column) << 16);
            case Q4_0 -> (nibble(1 + 4 * half) - 8) * half(32L * half + 2L * row);
            case IQ4_NL -> half(32L * half + 2L * row) * IQ4_NL[nibble(1 + 4 * half)];
            case Q4_1 -> nibble(2 + 4 * half) * half(32L * half + 2L * row) + half(64 + 32L * half + 2L * row);
            case Q5_0 -> (nibble(2 + 5 * half) + 16 * fifthBit(1 + 5 * half) - 16) * half(32L * half + 2L * row);
            case Q5_1 -> (nibble(3 + 5 * half) + 16 * fifthBit(2 + 5 * half)) * half(32L * half + 2L * row)
                    + half(64 + 32L * half + 2L * row);
            case Q8_0 -> (byte) (lane(1 + column / 4, column % 4) - 128) * half(32L * half + 2L * row);
            case MXFP4 -> DOUBLED_MXFP4[nibble(1 + 4 * half)] * halvedPowerOfTwo(lane(0, 0, 16 * half + row));
            case Q4_K -> kQuant(nibble(4 + 4 * half));
            case Q5_K -> kQuant(nibble(5 + 5 * half) + 16 * fifthBit(4 + 5 * half));
            case Q6_K -> half(2L * row) * (byte) lane(1 + column / 64, column / 16 % 4)
                    * (nibble(5 + 6 * half + 2) + 16 * upperBits(5 + 6 * half) - 32);
            default -> throw new IllegalArgumentException("no panels of " + matrix.format());
        };
    }

    private float half(long offset) {
        return Float.float16ToFloat(record.get(SHORT, offset));
    }

    /** An unsigned byte of this row's lane. */
    private int lane(int line, int index) {
        return lane(line, row, index);
    }

    private int lane(int line, int lane, int index) {
        return Byte.toUnsignedInt(record.get(ValueLayout.JAVA_BYTE, 64L * line + 4L * lane + index));
    }

    /** This column's nibble among four lines of its 32 columns. */
    private int nibble(int firstLine) {
        int inGroup = column % 32;
        int packed = lane(firstLine + inGroup % 16 / 4, inGroup % 4);
        return inGroup < 16 ? packed % 16 : packed / 16;
    }

    private int fifthBit(int line) {
        int inGroup = column % 32;
        return lane(line, inGroup % 4) >> inGroup / 4 & 1;
    }

    private int upperBits(int firstLine) {
        int inGroup = column % 32;
        return lane(firstLine + inGroup / 16, inGroup % 4) >> 2 * (inGroup / 4 % 4) & 3;
    }

    private float kQuant(int number) {
        int group = column / 32;
        float scale = half(2L * row) * sixBits(group, 0);
        float minimum = half(32 + 2L * row) * sixBits(group, 4);
        return scale * number - minimum;
    }

    /** The file's packing of 6-bit group scales (first 0) and minima (first 4), whose byte b lies in line 1 + b / 4. */
    private int sixBits(int group, int first) {
        if (group < 4) {
            return scaleByte(first + group) % 64;
        }
        int lower = first == 0 ? scaleByte(4 + group) % 16 : scaleByte(4 + group) / 16;
        return lower + 16 * (scaleByte(first + group - 4) / 64);
    }

    private int scaleByte(int index) {
        return lane(1 + index / 4, index % 4);
    }

    private static float halvedPowerOfTwo(int exponent) {
        return (float) Math.scalb(1.0, exponent - 128);
    }
}
