package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Codecs of formats whose nibbles are indices into a table of numbers, 32 numbers a block. As in the older formats, byte i holds number
 * i in its lower half and number i + 16 in its upper half.
 */
final class TableCodecs {

    private static final int BLOCK = 32;
    private static final int HALF = BLOCK / 2;

    private TableCodecs() {
    }

    /**
     * scale · table[nibble], a table denser around zero; block: F16 scale, nibbles[16]. Encodes as llama-quantize does without an
     * importance matrix: the scale is searched for, each number weighing its square.
     *
     * @see <a href="https://github.com/ggml-org/llama.cpp/pull/5590">llama.cpp, IQ4_NL</a>
     */
    static final class IQ4_NL implements BlockCodec {

        private static final int BYTES = 18;
        private static final int NIBBLES = 2;
        private static final int TRIALS = 7;
        private static final byte[] TABLE = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                decodeNibbles(source, block + NIBBLES, LittleEndian.half(source, block), TABLE, target, from);
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            int[] nibbles = new int[BLOCK];
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                float scale = scale(source, from);
                float inverse = scale == 0 ? 0 : 1 / scale;
                for (int i = 0; i < BLOCK; i++) {
                    nibbles[i] = nearest(inverse * source[from + i]);
                }
                LittleEndian.putHalf(target, block, scale);
                encodeNibbles(nibbles, target, block + NIBBLES);
            }
        }

        /** Of scales that put the number of largest magnitude near either end of the table, the one that fits best. */
        private static float scale(float[] source, int from) {
            float largest = numberOfLargestMagnitude(source, from);
            if (Math.abs(largest) < KQuantSearch.NOTHING) {
                return 0;
            }
            float scale = 0;
            float best = 0;
            for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
                boolean first = trial < -TRIALS;
                float inverse = first ? 1 / (-largest / TABLE[0]) : (trial + TABLE[0]) / largest;
                float products = 0;
                float squares = 0;
                for (int i = from; i < from + BLOCK; i++) {
                    float number = TABLE[nearest(inverse * source[i])];
                    float weight = source[i] * source[i];
                    products += weight * number * source[i];
                    squares += weight * number * number;
                }
                if (first || squares > 0 && products * products > best * squares) {
                    scale = products / squares;
                    best = scale * products;
                }
            }
            return scale;
        }

        /** The index of the nearest number of the table; of two, the upper one. */
        private static int nearest(float value) {
            int upper = 1;
            while (upper < TABLE.length - 1 && value >= TABLE[upper]) {
                upper++;
            }
            return value - TABLE[upper - 1] < TABLE[upper] - value ? upper - 1 : upper;
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0));
        }
    }

    /**
     * 2^(exponent - 127) · table[nibble], the table being all 4-bit floats with 2 bits of exponent and 1 of mantissa; block: exponent
     * byte, nibbles[16].
     *
     * @see <a href="https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf">OCP Microscaling Formats 1.0</a>
     */
    static final class MXFP4 implements BlockCodec {

        private static final int BYTES = 17;
        private static final int NIBBLES = 1;
        /** Doubled, so that all are whole; the scale is halved for it. */
        private static final byte[] TABLE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
        private static final int BIAS = 127;
        /** The exponent of the largest number of the table, 6. */
        private static final int TABLE_EXPONENT = 2;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                decodeNibbles(source, block + NIBBLES, halfScale(LittleEndian.unsigned8(source, block)), TABLE, target, from);
            }
        }

        /** 2^(exponent - 128), exact for the smallest too, which are subnormal; ggml knows no NaN scale. */
        private static float halfScale(int exponent) {
            return Math.scalb(1f, exponent - BIAS - 1);
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            long block = offsetBytes;
            int[] nibbles = new int[BLOCK];
            for (int from = sourceOffset; from < sourceOffset + elements; from += BLOCK, block += BYTES) {
                int exponent = exponent(Math.abs(numberOfLargestMagnitude(source, from)));
                float halfScale = halfScale(exponent);
                for (int i = 0; i < BLOCK; i++) {
                    nibbles[i] = nearest(source[from + i], halfScale);
                }
                LittleEndian.putByte(target, block, exponent);
                encodeNibbles(nibbles, target, block + NIBBLES);
            }
        }

        /** In float as ggml's, which takes a number just below a large power of two for that power. */
        private static int exponent(float largest) {
            float logarithm = (float) (Math.log(largest) / Math.log(2));
            return largest > 0 ? Math.max(0, (int) Math.floor(logarithm) - TABLE_EXPONENT + BIAS) : 0;
        }

        /** The index of the nearest number of the table; of two, the first. */
        private static int nearest(float value, float halfScale) {
            int best = 0;
            float smallestError = Math.abs(value);
            for (int i = 1; i < TABLE.length; i++) {
                float error = Math.abs(TABLE[i] * halfScale - value);
                if (error < smallestError) {
                    best = i;
                    smallestError = error;
                }
            }
            return best;
        }

        @Override
        public List<WideField> wideFields() {
            return List.of();
        }
    }

    private static void decodeNibbles(MemorySegment source, long nibbles, float scale, byte[] table, float[] target, int from) {
        for (int i = 0; i < HALF; i++) {
            int packed = LittleEndian.unsigned8(source, nibbles + i);
            target[from + i] = scale * table[packed & 15];
            target[from + HALF + i] = scale * table[packed >> 4];
        }
    }

    private static void encodeNibbles(int[] numbers, MemorySegment target, long nibbles) {
        for (int i = 0; i < HALF; i++) {
            LittleEndian.putByte(target, nibbles + i, numbers[i] | numbers[HALF + i] << 4);
        }
    }

    private static float numberOfLargestMagnitude(float[] source, int from) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.abs(source[i]) > Math.abs(largest) ? source[i] : largest;
        }
        return largest;
    }
}
