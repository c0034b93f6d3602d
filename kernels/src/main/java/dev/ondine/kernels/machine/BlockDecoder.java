package dev.ondine.kernels.machine;

import dev.ondine.tensor.NumberFormat;

/**
 * Emits the decoding of packed weights in one number format, 32 columns at a time, into {@link BlockRegisters}.
 *
 * <p>A weight is {@code scale · (q - zeroPoint)}, or {@code scale · q - minimum}.
 */
interface BlockDecoder {

    /** Bytes of a record. */
    int recordBytes();

    /** Blocks of 32 columns in a record. */
    int blocks();

    /** What {@code q} counts from; 0 where blocks have minima or {@code q} is signed. */
    int zeroPoint();

    /** The largest q, or 0 if q is a signed byte. */
    int largest();

    /** Whether {@link BlockRegisters#second} is a minimum. */
    default boolean hasMinimum() {
        return false;
    }

    /** Whether {@link BlockRegisters#second} is the scale of the last 16 columns. */
    default boolean hasTwoScales() {
        return false;
    }

    /** What a record needs once, before its blocks. */
    default void beginRecord(BlockRegisters registers) {
    }

    /** Fills {@code q}, {@code scale} and {@code second}. */
    void decode(BlockRegisters registers, int block);

    /** The decoder of a format, or null for formats of plain numbers and those without a panel layout. */
    static BlockDecoder of(NumberFormat format, Isa isa) {
        return switch (format) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, MXFP4 -> LegacyDecoder.of(format, isa);
            case Q4_K, Q5_K, Q6_K -> SuperBlockDecoder.of(format);
            default -> null;
        };
    }
}
