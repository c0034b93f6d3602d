package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Codecs of formats whose block is a single number. */
final class PlainCodecs {

    private PlainCodecs() {
    }

    /** IEEE 754 binary32. */
    static final class F32 implements BlockCodec {

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            MemorySegment.copy(source, LittleEndian.FLOAT, offsetBytes, target, targetOffset, elements);
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            MemorySegment.copy(source, sourceOffset, target, LittleEndian.FLOAT, offsetBytes, elements);
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.word(0));
        }
    }

    /** IEEE 754 binary16; rounds to nearest, ties to even. */
    static final class F16 implements BlockCodec {

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            for (int i = 0; i < elements; i++) {
                target[targetOffset + i] = LittleEndian.half(source, offsetBytes + 2L * i);
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            for (int i = 0; i < elements; i++) {
                LittleEndian.putHalf(target, offsetBytes + 2L * i, source[sourceOffset + i]);
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0));
        }
    }

    /** The upper half of a binary32; rounds to nearest, ties to even. */
    static final class BF16 implements BlockCodec {

        private static final int QUIET_NAN_BIT = 0x40;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            for (int i = 0; i < elements; i++) {
                int upperHalf = source.get(LittleEndian.SHORT, offsetBytes + 2L * i);
                target[targetOffset + i] = Float.intBitsToFloat(upperHalf << 16);
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            for (int i = 0; i < elements; i++) {
                target.set(LittleEndian.SHORT, offsetBytes + 2L * i, upperHalf(source[sourceOffset + i]));
            }
        }

        private static short upperHalf(float value) {
            int bits = Float.floatToRawIntBits(value);
            if (Float.isNaN(value)) {
                // Cutting a NaN could leave the bits of an infinity.
                return (short) (bits >>> 16 | QUIET_NAN_BIT);
            }
            return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0));
        }
    }
}
