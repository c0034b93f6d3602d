package dev.ondine.kernels;

import dev.ondine.tensor.NumberFormat;

/**
 * How the fast loops read a row of weights in one number format: decoded to memory, or multiplied as it is decoded.
 *
 * <p>Addresses are absolute and unchecked; counts are multiples of 16 and of the format's block.
 */
interface RowFormat {

    /** Scratch of the two operations: 16 floats and 16 bytes for every 256 numbers. */
    static long scratchBytes(int count) {
        return Math.ceilDiv(count, 256) * 80L;
    }

    /** Floats from one block of 32 to the next where every block is followed by a vector of its sums. */
    int SUMMED_BLOCK = 32 + Lanes.COUNT;

    /** Writes {@code count} floats. */
    void decode(long source, long target, int count, long scratch);

    /** The inner product of a row of weights with x, which is arranged as {@link #sumFactor} says. */
    float dot(long row, long x, int count, long scratch);

    /**
     * 0 where {@link #dot} takes x as it is. Otherwise every 32 numbers of x are followed by one vector whose lanes add up to
     * this many times their sum: the part of the product that a block's constant offset contributes.
     */
    default float sumFactor() {
        return 0;
    }

    /** The fast loops of a format, or null where there are none and {@link NumberFormat#decode} must do. */
    static RowFormat of(NumberFormat format) {
        return switch (format) {
            case F32 -> PlainRows.F32;
            case F16 -> PlainRows.F16;
            case BF16 -> PlainRows.BF16;
            case Q4_0 -> BlockRows.Q4_0;
            case Q4_1 -> BlockRows.Q4_1;
            case Q5_0 -> BlockRows.Q5_0;
            case Q5_1 -> BlockRows.Q5_1;
            case Q8_0 -> BlockRows.Q8_0;
            case Q4_K -> SuperBlockRows.Q4_K;
            case Q5_K -> SuperBlockRows.Q5_K;
            case Q6_K -> SuperBlockRows.Q6_K;
            default -> null;
        };
    }
}
