package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of ggml's blocks of 256 numbers, whose parts of 16 or 32 have small whole-number scales of their own. The scales of a
 * block are first written to scratch as 16 floats, from where they enter the loops.
 */
final class SuperBlockRows {

    static final RowFormat Q4_K = new FourBits();
    static final RowFormat Q5_K = new FiveBits();
    static final RowFormat Q6_K = new SixBits();

    private static final int X_BYTES = RowFormat.SUMMED_BLOCK * Float.BYTES;
    private static final int SUMS = 32 * Float.BYTES;
    /** Where the 16 floats lie in scratch; packed bytes are before them. */
    private static final int SCALES = 16;

    private SuperBlockRows() {
    }

    /**
     * Unpacks 12 bytes into 8 scales and 8 minimums of 6 bits: bytes 0-3 and 4-7 hold those of parts 0-3 in their lower bits, bytes
     * 8-11 the lower halves of parts 4-7, whose upper two bits are on top of the first 8 bytes.
     */
    private static void unpackSixBits(long packed, long scratch) {
        int a = Lanes.int32(packed);
        int b = Lanes.int32(packed + 4);
        int c = Lanes.int32(packed + 8);
        long scales = c & 0x0f0f0f0f | a >>> 2 & 0x30303030;
        long minimums = c >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030;
        Lanes.int64(scratch, scales << 32 | a & 0x3f3f3f3f);
        Lanes.int64(scratch + 8, minimums << 32 | b & 0x3f3f3f3f);
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            Lanes.store(Lanes.floats(Lanes.unsignedBytes(scratch, i)), scratch + SCALES + 4L * i);
        }
    }

    private static float scale(long scratch, int part) {
        return Lanes.float32(scratch + SCALES + 4L * part);
    }

    private static FloatVector spreadScale(long scratch, int part) {
        return Lanes.spread(scratch + SCALES + 4L * part);
    }

    private static void put(IntVector q, float d, float m, long target) {
        Lanes.store(Lanes.floats(q).fma(FloatVector.broadcast(Lanes.FLOATS, d), FloatVector.broadcast(Lanes.FLOATS, m)), target);
    }

    /** 144 bytes: d, dmin, 12 bytes of scales, 128 of nibbles. Part 2g is in the low nibbles of 32 bytes, 2g + 1 in the high. */
    private static final class FourBits implements RowFormat {

        @Override
        public float sumFactor() {
            return 1;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int s = 0; s < count / 256; s++) {
                long block = source + s * 144L;
                unpackSixBits(block + 4, scratch);
                for (int g = 0; g < 4; g++) {
                    decodeGroup(block, g, scratch, target + s * 1024L + g * 256L);
                }
            }
        }

        private static void decodeGroup(long block, int g, long scratch, long target) {
            float d = Lanes.float16(block);
            float dmin = -Lanes.float16(block + 2);
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                IntVector bytes = Lanes.unsignedBytes(block + 16 + 32 * g, i);
                put(bytes.and(15), d * scale(scratch, 2 * g), dmin * scale(scratch, 2 * g + 8), target + 4L * i);
                put(bytes.lanewise(LSHR, 4), d * scale(scratch, 2 * g + 1), dmin * scale(scratch, 2 * g + 9), target + 128 + 4L * i);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            float sum = 0;
            for (int s = 0; s < count / 256; s++) {
                unpackSixBits(row + s * 144L + 4, scratch);
                sum += dotBlock(row + s * 144L, x + s * 8L * X_BYTES, scratch);
            }
            return sum;
        }

        private static float dotBlock(long block, long x, long scratch) {
            FloatVector scaled = FloatVector.zero(Lanes.FLOATS);
            for (int g = 0; g < 4; g++) {
                long xa = x + 2L * g * X_BYTES;
                FloatVector low = FloatVector.zero(Lanes.FLOATS);
                FloatVector high = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 16 + 32 * g, i);
                    low = Lanes.floats(bytes.and(15)).fma(Lanes.load(xa + 4L * i), low);
                    high = Lanes.floats(bytes.lanewise(LSHR, 4)).fma(Lanes.load(xa + X_BYTES + 4L * i), high);
                }
                scaled = low.fma(spreadScale(scratch, 2 * g), scaled);
                scaled = high.fma(spreadScale(scratch, 2 * g + 1), scaled);
            }
            return scaled.reduceLanes(ADD) * Lanes.float16(block) - minimums(x, scratch) * Lanes.float16(block + 2);
        }
    }

    /** What the minimums of the 8 parts contribute, before dmin. */
    private static float minimums(long x, long scratch) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int part = 0; part < 8; part++) {
            sum = Lanes.load(x + (long) part * X_BYTES + SUMS).fma(spreadScale(scratch, 8 + part), sum);
        }
        return sum.reduceLanes(ADD);
    }

    /** 176 bytes: as {@link FourBits} with 32 bytes of fifth bits before the nibbles; bit p of byte j belongs to number j of part p. */
    private static final class FiveBits implements RowFormat {

        @Override
        public float sumFactor() {
            return 1;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int s = 0; s < count / 256; s++) {
                long block = source + s * 176L;
                unpackSixBits(block + 4, scratch);
                for (int part = 0; part < 8; part++) {
                    decodePart(block, part, scratch, target + s * 1024L + part * 128L);
                }
            }
        }

        private static void decodePart(long block, int part, long scratch, long target) {
            float d = Lanes.float16(block) * scale(scratch, part);
            float m = -Lanes.float16(block + 2) * scale(scratch, 8 + part);
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                put(numbers(block, part, i), d, m, target + 4L * i);
            }
        }

        private static IntVector numbers(long block, int part, int i) {
            IntVector fifth = Lanes.unsignedBytes(block + 16, i).lanewise(LSHL, 4).lanewise(LSHR, part).and(16);
            return Lanes.unsignedBytes(block + 48 + 32 * (part >> 1), i).lanewise(LSHR, 4 * (part & 1)).and(15).or(fifth);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            float sum = 0;
            for (int s = 0; s < count / 256; s++) {
                unpackSixBits(row + s * 176L + 4, scratch);
                sum += dotBlock(row + s * 176L, x + s * 8L * X_BYTES, scratch);
            }
            return sum;
        }

        private static float dotBlock(long block, long x, long scratch) {
            FloatVector scaled = FloatVector.zero(Lanes.FLOATS);
            for (int part = 0; part < 8; part++) {
                FloatVector sum = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    sum = Lanes.floats(numbers(block, part, i)).fma(Lanes.load(x + (long) part * X_BYTES + 4L * i), sum);
                }
                scaled = sum.fma(spreadScale(scratch, part), scaled);
            }
            return scaled.reduceLanes(ADD) * Lanes.float16(block) - minimums(x, scratch) * Lanes.float16(block + 2);
        }
    }

    /**
     * 210 bytes: 128 of lower nibbles, 64 of upper bit pairs, 16 signed scales, d; d · scale · (q - 32). Of each half of 128
     * numbers, number 32 k + l has its nibble in byte 32 (k mod 2) + l, low for k below 2, its pair at bit 2 k of byte l, and
     * scale 2 k + l / 16.
     */
    private static final class SixBits implements RowFormat {

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int s = 0; s < count / 256; s++) {
                long block = source + s * 210L;
                unpackScales(block, scratch);
                float d = Lanes.float16(block + 208);
                for (int part = 0; part < 16; part++) {
                    decodePart(block, part, d * scale(scratch, part), target + s * 1024L + part * 64L);
                }
            }
        }

        private static void unpackScales(long block, long scratch) {
            for (int i = 0; i < 16; i += Lanes.COUNT) {
                Lanes.store(Lanes.signedBytes(block + 192, i), scratch + SCALES + 4L * i);
            }
        }

        private static void decodePart(long block, int part, float d, long target) {
            for (int i = 0; i < 16; i += Lanes.COUNT) {
                put(numbers(block, part, i), d, -32 * d, target + 4L * i);
            }
        }

        /** Numbers from {@code 16 part + i} on, 0 to 63. */
        private static IntVector numbers(long block, int part, int i) {
            int half = part >> 3;
            int k = part >> 1 & 3;
            int l = 16 * (part & 1) + i;
            IntVector pairs = Lanes.unsignedBytes(block + 128 + 32 * half, l).lanewise(LSHR, 2 * k).and(3);
            IntVector nibbles = Lanes.unsignedBytes(block + 64 * half + 32 * (k & 1), l).lanewise(LSHR, 2 * (k & 2)).and(15);
            return pairs.lanewise(LSHL, 4).or(nibbles);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            float sum = 0;
            for (int s = 0; s < count / 256; s++) {
                unpackScales(row + s * 210L, scratch);
                sum += dotBlock(row + s * 210L, x + s * 1024L, scratch);
            }
            return sum;
        }

        private static float dotBlock(long block, long x, long scratch) {
            FloatVector scaled = FloatVector.zero(Lanes.FLOATS);
            for (int part = 0; part < 16; part++) {
                FloatVector sum = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    FloatVector weights = Lanes.floats(numbers(block, part, i).sub(32));
                    sum = weights.fma(Lanes.load(x + part * 64L + 4L * i), sum);
                }
                scaled = sum.fma(spreadScale(scratch, part), scaled);
            }
            return scaled.reduceLanes(ADD) * Lanes.float16(block + 208);
        }
    }
}
