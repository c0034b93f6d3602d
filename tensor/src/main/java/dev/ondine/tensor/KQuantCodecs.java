package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Codecs of the k-quants: 256 numbers in groups of 16 or 32, whose own small scales share one F16 scale.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/pull/1684">llama.cpp, k-quants</a>
 */
final class KQuantCodecs {

    private static final int BLOCK = 256;
    private static final int MINIMUM_SCALE = 2;
    private static final int GROUP_SCALES = 4;

    private KQuantCodecs() {
    }

    /** groupScale · nibble - groupMinimum, groups of 32; block: scale, minimum scale, 6-bit group scales[12], nibbles[128]. */
    static final class Q4_K implements BlockCodec {

        private static final int BYTES = 144;
        private static final int NIBBLES = 16;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                for (int group = 0; group < BLOCK / 32; group++) {
                    decodeGroup(source, block, group, target, from + 32 * group);
                }
            }
        }

        /** Two neighbouring groups share 32 bytes: the even one has the lower nibbles. */
        private static void decodeGroup(MemorySegment source, long block, int group, float[] target, int from) {
            float scale = groupScale(source, block, group);
            float minimum = groupMinimum(source, block, group);
            long nibbles = block + NIBBLES + 32L * (group / 2);
            int shift = 4 * (group & 1);
            for (int i = 0; i < 32; i++) {
                int number = LittleEndian.unsigned8(source, nibbles + i) >> shift & 15;
                target[from + i] = scale * number - minimum;
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            KQuantSearch.ScaleAndMinimum search = new KQuantSearch.ScaleAndMinimum(15, -1f, 20);
            byte[] numbers = new byte[BLOCK];
            for (int done = 0; done < elements; done += BLOCK) {
                long block = offsetBytes + done / BLOCK * (long) BYTES;
                encodeGroups(search, source, sourceOffset + done, target, block, numbers);
                pack(numbers, target, block);
            }
        }

        private static void pack(byte[] numbers, MemorySegment target, long block) {
            for (int i = 0; i < BLOCK / 2; i++) {
                int lower = 64 * (i / 32) + i % 32;
                LittleEndian.putByte(target, block + NIBBLES + i, numbers[lower] | numbers[lower + 32] << 4);
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0), WideField.half(MINIMUM_SCALE));
        }
    }

    /** As Q4_K with a fifth bit; block: scale, minimum scale, 6-bit group scales[12], fifth bits[32], nibbles[128]. */
    static final class Q5_K implements BlockCodec {

        private static final int BYTES = 176;
        private static final int FIFTH_BITS = 16;
        private static final int NIBBLES = 48;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                for (int group = 0; group < BLOCK / 32; group++) {
                    decodeGroup(source, block, group, target, from + 32 * group);
                }
            }
        }

        /** Bit {@code group} of fifth-bit byte i belongs to number i of the group. */
        private static void decodeGroup(MemorySegment source, long block, int group, float[] target, int from) {
            float scale = groupScale(source, block, group);
            float minimum = groupMinimum(source, block, group);
            long nibbles = block + NIBBLES + 32L * (group / 2);
            int shift = 4 * (group & 1);
            for (int i = 0; i < 32; i++) {
                int fifthBit = LittleEndian.unsigned8(source, block + FIFTH_BITS + i) >> group & 1;
                int number = LittleEndian.unsigned8(source, nibbles + i) >> shift & 15 | fifthBit << 4;
                target[from + i] = scale * number - minimum;
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            KQuantSearch.ScaleAndMinimum search = new KQuantSearch.ScaleAndMinimum(31, -0.5f, 15);
            byte[] numbers = new byte[BLOCK];
            for (int done = 0; done < elements; done += BLOCK) {
                long block = offsetBytes + done / BLOCK * (long) BYTES;
                encodeGroups(search, source, sourceOffset + done, target, block, numbers);
                pack(numbers, target, block);
            }
        }

        private static void pack(byte[] numbers, MemorySegment target, long block) {
            for (int i = 0; i < BLOCK / 2; i++) {
                int lower = 64 * (i / 32) + i % 32;
                LittleEndian.putByte(target, block + NIBBLES + i, numbers[lower] & 15 | (numbers[lower + 32] & 15) << 4);
            }
            for (int i = 0; i < 32; i++) {
                int fifthBits = 0;
                for (int group = 0; group < BLOCK / 32; group++) {
                    fifthBits |= numbers[32 * group + i] >> 4 << group;
                }
                LittleEndian.putByte(target, block + FIFTH_BITS + i, fifthBits);
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(0), WideField.half(MINIMUM_SCALE));
        }
    }

    /** groupScale · (6-bit number - 32), groups of 16; block: lower nibbles[128], upper bits[64], group scales[16], scale. */
    static final class Q6_K implements BlockCodec {

        private static final int BYTES = 210;
        private static final int UPPER_BITS = 128;
        private static final int GROUP_SCALES = 192;
        private static final int SCALE = 208;

        @Override
        public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
            long block = offsetBytes;
            for (int from = targetOffset; from < targetOffset + elements; from += BLOCK, block += BYTES) {
                for (int group = 0; group < BLOCK / 16; group++) {
                    decodeGroup(source, block, group, target, from + 16 * group);
                }
            }
        }

        /**
         * Each half of a block (128 numbers) is four quarters of 32. Quarters 0 and 2 share their nibble bytes, as do 1 and 3;
         * all four share the bytes of upper bits.
         */
        private static void decodeGroup(MemorySegment source, long block, int group, float[] target, int from) {
            float scale = LittleEndian.half(source, block + SCALE) * LittleEndian.signed8(source, block + GROUP_SCALES + group);
            int half = group / 8;
            int quarter = group / 2 % 4;
            int column = 16 * (group & 1);
            long nibbles = block + 64L * half + 32L * (quarter & 1) + column;
            long upperBits = block + UPPER_BITS + 32L * half + column;
            int shift = 4 * (quarter / 2);
            for (int i = 0; i < 16; i++) {
                int lower = LittleEndian.unsigned8(source, nibbles + i) >> shift & 15;
                int upper = LittleEndian.unsigned8(source, upperBits + i) >> 2 * quarter & 3;
                target[from + i] = scale * ((lower | upper << 4) - 32);
            }
        }

        @Override
        public boolean canEncode() {
            return true;
        }

        @Override
        public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
            float[] scales = new float[BLOCK / 16];
            byte[] numbers = new byte[BLOCK];
            for (int done = 0; done < elements; done += BLOCK) {
                long block = offsetBytes + done / BLOCK * (long) BYTES;
                encodeGroups(source, sourceOffset + done, target, block, scales, numbers);
                pack(numbers, target, block);
            }
        }

        private static void encodeGroups(float[] source, int from, MemorySegment target, long block, float[] scales, byte[] numbers) {
            float widest = 0;
            for (int group = 0; group < scales.length; group++) {
                scales[group] = KQuantSearch.scale(source, from + 16 * group, numbers, 16 * group);
                widest = Math.abs(scales[group]) > Math.abs(widest) ? scales[group] : widest;
            }
            if (Math.abs(widest) < KQuantSearch.NOTHING) {
                target.asSlice(block, BYTES).fill((byte) 0);
                Arrays.fill(numbers, (byte) 0);
                return;
            }
            float inverse = -128 / widest;
            LittleEndian.putHalf(target, block + SCALE, 1 / inverse);
            for (int group = 0; group < scales.length; group++) {
                int groupScale = Math.min(127, KQuantSearch.nearest(inverse * scales[group]));
                LittleEndian.putByte(target, block + GROUP_SCALES + group, groupScale);
                float scale = LittleEndian.half(target, block + SCALE) * groupScale;
                for (int i = 16 * group; i < 16 * group + 16 && scale != 0; i++) {
                    numbers[i] = (byte) (Math.clamp(KQuantSearch.nearest(source[from + i] / scale), -32, 31) + 32);
                }
            }
        }

        private static void pack(byte[] numbers, MemorySegment target, long block) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 32; i++) {
                    int first = 128 * half + i;
                    int upper = 0;
                    for (int quarter = 0; quarter < 4; quarter++) {
                        upper |= numbers[first + 32 * quarter] >> 4 << 2 * quarter;
                    }
                    long nibbles = block + 64L * half + i;
                    LittleEndian.putByte(target, nibbles, numbers[first] & 15 | (numbers[first + 64] & 15) << 4);
                    LittleEndian.putByte(target, nibbles + 32, numbers[first + 32] & 15 | (numbers[first + 96] & 15) << 4);
                    LittleEndian.putByte(target, block + UPPER_BITS + 32L * half + i, upper);
                }
            }
        }

        @Override
        public List<WideField> wideFields() {
            return List.of(WideField.half(SCALE));
        }
    }

    private static float groupScale(MemorySegment source, long block, int group) {
        return LittleEndian.half(source, block) * sixBits(source, block + GROUP_SCALES, group, 0);
    }

    private static float groupMinimum(MemorySegment source, long block, int group) {
        return LittleEndian.half(source, block + MINIMUM_SCALE) * sixBits(source, block + GROUP_SCALES, group, 1);
    }

    /**
     * A 6-bit group scale (kind 0) or minimum (kind 1) out of 12 bytes. Those of groups 0 to 3 are the low 6 bits of bytes
     * 0 to 3 and 4 to 7, whose high 2 bits complete the nibbles of bytes 8 to 11, which belong to groups 4 to 7.
     */
    private static int sixBits(MemorySegment source, long packed, int group, int kind) {
        if (group < 4) {
            return LittleEndian.unsigned8(source, packed + 4 * kind + group) & 63;
        }
        int lower = LittleEndian.unsigned8(source, packed + 4 + group) >> 4 * kind & 15;
        int upper = LittleEndian.unsigned8(source, packed + 4 * kind + group - 4) >> 6;
        return lower | upper << 4;
    }

    /** Scales, minima and numbers of one block of Q4_K or Q5_K; the numbers are left for the format to pack. */
    private static void encodeGroups(KQuantSearch.ScaleAndMinimum search, float[] source, int from, MemorySegment target, long block,
                                     byte[] numbers) {
        float[] scales = new float[BLOCK / 32];
        float[] minima = new float[BLOCK / 32];
        float largestScale = 0;
        float largestMinimum = 0;
        for (int group = 0; group < scales.length; group++) {
            search.fit(source, from + 32 * group, numbers, 32 * group);
            scales[group] = search.scale();
            minima[group] = search.minimum();
            largestScale = Math.max(largestScale, scales[group]);
            largestMinimum = Math.max(largestMinimum, minima[group]);
        }
        putScales(target, block, scales, largestScale, 0);
        putScales(target, block, minima, largestMinimum, 1);
        for (int group = 0; group < scales.length; group++) {
            float scale = groupScale(target, block, group);
            float minimum = groupMinimum(target, block, group);
            for (int i = 32 * group; i < 32 * group + 32 && scale != 0; i++) {
                numbers[i] = (byte) Math.clamp(KQuantSearch.nearest((source[from + i] + minimum) / scale), 0, search.most());
            }
        }
    }

    /** The largest of eight scales (kind 0) or minima (kind 1) becomes 63. */
    private static void putScales(MemorySegment target, long block, float[] values, float largest, int kind) {
        float inverse = largest > 0 ? 63 / largest : 0;
        LittleEndian.putHalf(target, block + 2L * kind, largest / 63);
        for (int group = 0; group < values.length; group++) {
            putSixBits(target, block + GROUP_SCALES, group, kind, Math.min(63, KQuantSearch.nearest(inverse * values[group])));
        }
    }

    /** The inverse of {@link #sixBits}; groups come in order, scales before minima, so that nothing needs clearing first. */
    private static void putSixBits(MemorySegment target, long packed, int group, int kind, int value) {
        if (group < 4) {
            LittleEndian.putByte(target, packed + 4 * kind + group, value);
            return;
        }
        long nibbles = packed + 4 + group;
        int scaleNibble = kind == 0 ? 0 : LittleEndian.unsigned8(target, nibbles);
        LittleEndian.putByte(target, nibbles, scaleNibble | (value & 15) << 4 * kind);
        long upper = packed + 4 * kind + group - 4;
        LittleEndian.putByte(target, upper, LittleEndian.unsigned8(target, upper) | value >> 4 << 6);
    }
}
