package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

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
        throw new UnsupportedOperationException();
    }

    /** The parts of a block whose bytes a big-endian file stores the other way round. */
    List<WideField> wideFields();

    /** A number of several bytes inside a block. */
    record WideField(int offsetBytes, int bytes) {

        static WideField half(int offsetBytes) {
            return new WideField(offsetBytes, Short.BYTES);
        }

        static WideField word(int offsetBytes) {
            return new WideField(offsetBytes, Integer.BYTES);
        }
    }
}
