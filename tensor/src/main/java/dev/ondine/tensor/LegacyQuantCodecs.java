package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Codecs of ggml's first quantized formats: 32 numbers share one F16 scale, some also an F16 minimum.
 *
 * <p>Packed nibbles hold number i in the lower half and number i + 16 in the upper half of byte i.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c">ggml's reference quantizers</a>
 */
final class LegacyQuantCodecs {

    private static final int BLOCK = 32;
    private static final int HALF = BLOCK / 2;

    private LegacyQuantCodecs() {
    }

    /** scale · (nibble - 8); block: scale, nibbles[16]. */
    static final class Q4_0 implements BlockCodec {

        private static final int BYTES = 18;
        private static final int NIBBLES = 2;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                float scale = LittleEndian.half(source, block);
                for (int i = 0; i < HALF; i++) {
                    int packed = LittleEndian.unsigned8(source, block + NIBBLES + i);
                    target[from + i] = ((packed & 15) - 8) * scale;
                    target[from + HALF + i] = ((packed >> 4) - 8) * scale;
                }
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                // The number of largest magnitude becomes exactly -8, the end of the range that reaches further.
                float scale = numberOfLargestMagnitude(source, from) / -8;
                float inverse = scale == 0 ? 0 : 1 / scale;
                LittleEndian.putHalf(target, block, scale);
                for (int i = 0; i < HALF; i++) {
                    int lower = cut(source[from + i] * inverse + 8.5f, 15);
                    int upper = cut(source[from + HALF + i] * inverse + 8.5f, 15);
                    LittleEndian.putByte(target, block + NIBBLES + i, lower | upper << 4);
                }
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0));
        }
    }

    /** scale · nibble + minimum; block: scale, minimum, nibbles[16]. */
    static final class Q4_1 implements BlockCodec {

        private static final int BYTES = 20;
        private static final int MINIMUM = 2;
        private static final int NIBBLES = 4;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                float scale = LittleEndian.half(source, block);
                float minimum = LittleEndian.half(source, block + MINIMUM);
                for (int i = 0; i < HALF; i++) {
                    int packed = LittleEndian.unsigned8(source, block + NIBBLES + i);
                    target[from + i] = (packed & 15) * scale + minimum;
                    target[from + HALF + i] = (packed >> 4) * scale + minimum;
                }
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                float minimum = smallest(source, from);
                float scale = (largest(source, from) - minimum) / 15;
                float inverse = scale == 0 ? 0 : 1 / scale;
                LittleEndian.putHalf(target, block, scale);
                LittleEndian.putHalf(target, block + MINIMUM, minimum);
                for (int i = 0; i < HALF; i++) {
                    int lower = cut((source[from + i] - minimum) * inverse + 0.5f, 15);
                    int upper = cut((source[from + HALF + i] - minimum) * inverse + 0.5f, 15);
                    LittleEndian.putByte(target, block + NIBBLES + i, lower | upper << 4);
                }
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0), WideField.half(MINIMUM));
        }
    }

    /** scale · (5-bit number - 16); block: scale, fifth bits as an int, nibbles[16]. */
    static final class Q5_0 implements BlockCodec {

        private static final int BYTES = 22;
        private static final int FIFTH_BITS = 2;
        private static final int NIBBLES = 6;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                float scale = LittleEndian.half(source, block);
                int fifthBits = source.get(LittleEndian.INT, block + FIFTH_BITS);
                for (int i = 0; i < HALF; i++) {
                    int packed = LittleEndian.unsigned8(source, block + NIBBLES + i);
                    target[from + i] = (lower(packed, fifthBits, i) - 16) * scale;
                    target[from + HALF + i] = (upper(packed, fifthBits, i) - 16) * scale;
                }
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                float scale = numberOfLargestMagnitude(source, from) / -16;
                float inverse = scale == 0 ? 0 : 1 / scale;
                LittleEndian.putHalf(target, block, scale);
                int fifthBits = 0;
                for (int i = 0; i < HALF; i++) {
                    int lower = cut(source[from + i] * inverse + 16.5f, 31);
                    int upper = cut(source[from + HALF + i] * inverse + 16.5f, 31);
                    LittleEndian.putByte(target, block + NIBBLES + i, lower & 15 | (upper & 15) << 4);
                    fifthBits |= fifthBits(lower, upper, i);
                }
                target.set(LittleEndian.INT, block + FIFTH_BITS, fifthBits);
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0), WideField.word(FIFTH_BITS));
        }
    }

    /** scale · 5-bit number + minimum; block: scale, minimum, fifth bits as an int, nibbles[16]. */
    static final class Q5_1 implements BlockCodec {

        private static final int BYTES = 24;
        private static final int MINIMUM = 2;
        private static final int FIFTH_BITS = 4;
        private static final int NIBBLES = 8;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                float scale = LittleEndian.half(source, block);
                float minimum = LittleEndian.half(source, block + MINIMUM);
                int fifthBits = source.get(LittleEndian.INT, block + FIFTH_BITS);
                for (int i = 0; i < HALF; i++) {
                    int packed = LittleEndian.unsigned8(source, block + NIBBLES + i);
                    target[from + i] = lower(packed, fifthBits, i) * scale + minimum;
                    target[from + HALF + i] = upper(packed, fifthBits, i) * scale + minimum;
                }
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                float minimum = smallest(source, from);
                float scale = (largest(source, from) - minimum) / 31;
                float inverse = scale == 0 ? 0 : 1 / scale;
                LittleEndian.putHalf(target, block, scale);
                LittleEndian.putHalf(target, block + MINIMUM, minimum);
                int fifthBits = 0;
                for (int i = 0; i < HALF; i++) {
                    int lower = cut((source[from + i] - minimum) * inverse + 0.5f, 31);
                    int upper = cut((source[from + HALF + i] - minimum) * inverse + 0.5f, 31);
                    LittleEndian.putByte(target, block + NIBBLES + i, lower & 15 | (upper & 15) << 4);
                    fifthBits |= fifthBits(lower, upper, i);
                }
                target.set(LittleEndian.INT, block + FIFTH_BITS, fifthBits);
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0), WideField.half(MINIMUM), WideField.word(FIFTH_BITS));
        }
    }

    /** scale · signed byte; block: scale, bytes[32]. */
    static final class Q8_0 implements BlockCodec {

        private static final int BYTES = 34;
        private static final int NUMBERS = 2;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                float scale = LittleEndian.half(source, block);
                for (int i = 0; i < BLOCK; i++) {
                    target[from + i] = LittleEndian.signed8(source, block + NUMBERS + i) * scale;
                }
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                float scale = largestMagnitude(source, from) / 127;
                float inverse = scale == 0 ? 0 : 1 / scale;
                LittleEndian.putHalf(target, block, scale);
                for (int i = 0; i < BLOCK; i++) {
                    LittleEndian.putByte(target, block + NUMBERS + i, round(source[from + i] * inverse));
                }
            }
        }

        /** To nearest, ties away from zero. In double, because in float the sum itself would round. */
        private static int round(float scaled) {
            return (int) (scaled + Math.copySign(0.5, scaled));
        }

        private static float largestMagnitude(float[] source, int from) {
            float largest = 0;
            for (int i = from; i < from + BLOCK; i++) {
                largest = Math.max(largest, Math.abs(source[i]));
            }
            return largest;
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0));
        }
    }

    /** Without its fraction, at most {@code most}. */
    private static int cut(float shifted, int most) {
        return Math.min(most, (int) shifted);
    }

    private static float numberOfLargestMagnitude(float[] source, int from) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            if (Math.abs(source[i]) > Math.abs(largest)) {
                largest = source[i];
            }
        }
        return largest;
    }

    private static float smallest(float[] source, int from) {
        float smallest = Float.MAX_VALUE;
        for (int i = from; i < from + BLOCK; i++) {
            smallest = Math.min(smallest, source[i]);
        }
        return smallest;
    }

    private static float largest(float[] source, int from) {
        float largest = -Float.MAX_VALUE;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.max(largest, source[i]);
        }
        return largest;
    }

    private static int fifthBits(int lower, int upper, int i) {
        return lower >> 4 << i | upper >> 4 << HALF + i;
    }

    private static int lower(int packed, int fifthBits, int i) {
        return packed & 15 | (fifthBits >>> i & 1) << 4;
    }

    private static int upper(int packed, int fifthBits, int i) {
        return packed >> 4 | (fifthBits >>> HALF + i & 1) << 4;
    }
}
