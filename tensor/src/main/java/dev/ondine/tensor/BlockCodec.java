package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;

/** Turns the blocks of one number format into floats and back. */
interface BlockCodec {

    /** See {@link NumberFormat#decode}. */
    void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements);

    /** Whether {@link #encode} works; most formats are only ever read. */
    default boolean canEncode() {
        return false;
    }

    /** See {@link NumberFormat#encode}. */
    default void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
        throw new UnsupportedOperationException("this number format cannot be encoded");
    }
}
