package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Rows of ggml's blocks of 256 numbers, whose parts of 16 or 32 have small whole-number scales of their own.
 *
 * <p>The scales of a row are first unpacked to scratch, 16 floats per block, multiplied by the block's own scale. Then one loop
 * runs over the parts of the whole row: a loop inside each block would be too short for the compiler to make it fast.
 */
final class SuperBlockRows {

    static final RowFormat Q4_K = new FourBits();
    static final RowFormat Q5_K = new FiveBits();
    static final RowFormat Q6_K = new SixBits();

    private static final int X_BYTES = RowFormat.SUMMED_BLOCK * Float.BYTES;
    private static final int SUMS = 32 * Float.BYTES;
    /** The unpacked scales lie in scratch behind 16 bytes for those of one block before they are floats. */
    private static final int SCALES = 64;
    private static final int SCALES_BYTES = 16 * Float.BYTES;
    /** Of a block of 8 scales and 8 minimums, the minimums. */
    private static final int MINIMUMS = 8 * Float.BYTES;

    private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(Lanes.FLOATS, 0xff00);

    private SuperBlockRows() {
    }

    private static void unpackSixBits(long row, int blockBytes, int blocks, long scratch) {
        for (int s = 0; s < blocks; s++) {
            unpackSixBits(row + (long) s * blockBytes, scratch, scratch + SCALES + (long) s * SCALES_BYTES);
        }
    }

    /**
     * A block starts with d and dmin, then 12 bytes with 8 scales and 8 minimums of 6 bits: bytes 0-3 and 4-7 hold those of parts
     * 0-3 in their lower bits, bytes 8-11 the lower halves of parts 4-7, whose upper two bits are on top of the first 8 bytes.
     */
    private static void unpackSixBits(long block, long bytes, long target) {
        int a = Lanes.int32(block + 4);
        int b = Lanes.int32(block + 8);
        int c = Lanes.int32(block + 12);
        long scales = c & 0x0f0f0f0f | a >>> 2 & 0x30303030;
        long minimums = c >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030;
        Lanes.int64(bytes, scales << 32 | a & 0x3f3f3f3f);
        Lanes.int64(bytes + 8, minimums << 32 | b & 0x3f3f3f3f);
        float d = Lanes.float16(block);
        float dmin = -Lanes.float16(block + 2);
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, i < 8 ? d : dmin);
            if (Lanes.COUNT == 16) {
                factors = factors.blend(dmin, UPPER_HALF);
            }
            Lanes.store(Lanes.floats(Lanes.unsignedBytes(bytes, i)).mul(factors), target + 4L * i);
        }
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
            unpackSixBits(source, 144, count / 256, scratch);
            for (int g = 0; g < count / 64; g++) {
                decodeGroup(bytes(source, g), scales(scratch, g), target + g * 256L);
            }
        }

        private static void decodeGroup(long bytes, long scales, long target) {
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                IntVector pairs = Lanes.unsignedBytes(bytes, i);
                put(pairs.and(15), Lanes.float32(scales), Lanes.float32(scales + MINIMUMS), target + 4L * i);
                put(pairs.lanewise(LSHR, 4), Lanes.float32(scales + 4), Lanes.float32(scales + MINIMUMS + 4), target + 128 + 4L * i);
            }
        }

        /** The 32 bytes of two parts. */
        private static long bytes(long row, int group) {
            return row + (group >> 2) * 144L + 16 + 32 * (group & 3);
        }

        private static long scales(long scratch, int group) {
            return scratch + SCALES + (long) (group >> 2) * SCALES_BYTES + 8 * (group & 3);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpackSixBits(row, 144, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int g = 0; g < count / 64; g++) {
                long bytes = bytes(row, g);
                long scales = scales(scratch, g);
                long xa = x + 2L * g * X_BYTES;
                FloatVector low = FloatVector.zero(Lanes.FLOATS);
                FloatVector high = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    IntVector pairs = Lanes.unsignedBytes(bytes, i);
                    low = Lanes.floats(pairs.and(15)).fma(Lanes.load(xa + 4L * i), low);
                    high = Lanes.floats(pairs.lanewise(LSHR, 4)).fma(Lanes.load(xa + X_BYTES + 4L * i), high);
                }
                sum = low.fma(Lanes.spread(scales), sum);
                sum = high.fma(Lanes.spread(scales + 4), sum);
                sum = Lanes.load(xa + SUMS).fma(Lanes.spread(scales + MINIMUMS), sum);
                sum = Lanes.load(xa + X_BYTES + SUMS).fma(Lanes.spread(scales + MINIMUMS + 4), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }

    /** 176 bytes: as {@link FourBits} with 32 bytes of fifth bits before the nibbles; bit p of byte j belongs to number j of part p. */
    private static final class FiveBits implements RowFormat {

        @Override
        public float sumFactor() {
            return 1;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            unpackSixBits(source, 176, count / 256, scratch);
            for (int p = 0; p < count / 32; p++) {
                decodePart(source + (p >> 3) * 176L, p & 7, scales(scratch, p), target + p * 128L);
            }
        }

        private static void decodePart(long block, int part, long scales, long target) {
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                put(numbers(block, part, i), Lanes.float32(scales), Lanes.float32(scales + MINIMUMS), target + 4L * i);
            }
        }

        private static IntVector numbers(long block, int part, int i) {
            IntVector fifth = Lanes.unsignedBytes(block + 16, i).lanewise(LSHL, 4).lanewise(LSHR, part).and(16);
            return Lanes.unsignedBytes(block + 48 + 32 * (part >> 1), i).lanewise(LSHR, 4 * (part & 1)).and(15).or(fifth);
        }

        private static long scales(long scratch, int part) {
            return scratch + SCALES + (long) (part >> 3) * SCALES_BYTES + 4 * (part & 7);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpackSixBits(row, 176, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int p = 0; p < count / 32; p++) {
                long block = row + (p >> 3) * 176L;
                long xp = x + (long) p * X_BYTES;
                FloatVector part = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    part = Lanes.floats(numbers(block, p & 7, i)).fma(Lanes.load(xp + 4L * i), part);
                }
                sum = part.fma(Lanes.spread(scales(scratch, p)), sum);
                sum = Lanes.load(xp + SUMS).fma(Lanes.spread(scales(scratch, p) + MINIMUMS), sum);
            }
            return sum.reduceLanes(ADD);
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
            unpack(source, count / 256, scratch);
            for (int p = 0; p < count / 16; p++) {
                decodePart(source + (p >> 4) * 210L, p & 15, Lanes.float32(scratch + SCALES + 4L * p), target + p * 64L);
            }
        }

        private static void unpack(long row, int blocks, long scratch) {
            for (int s = 0; s < blocks; s++) {
                FloatVector d = Lanes.spreadHalf(row + s * 210L + 208);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    Lanes.store(Lanes.signedBytes(row + s * 210L + 192, i).mul(d), scratch + SCALES + (long) s * SCALES_BYTES + 4L * i);
                }
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
            IntVector pairs = Lanes.unsignedBytes(block + 128 + 32 * half, l).lanewise(LSHL, 4).lanewise(LSHR, 2 * k).and(0x30);
            IntVector nibbles = Lanes.unsignedBytes(block + 64 * half + 32 * (k & 1), l).lanewise(LSHR, 2 * (k & 2)).and(15);
            return pairs.or(nibbles);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpack(row, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int p = 0; p < count / 16; p++) {
                FloatVector scale = Lanes.spread(scratch + SCALES + 4L * p);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    FloatVector weights = Lanes.floats(numbers(row + (p >> 4) * 210L, p & 15, i).sub(32));
                    sum = weights.mul(Lanes.load(x + p * 64L + 4L * i)).fma(scale, sum);
                }
            }
            return sum.reduceLanes(ADD);
        }
    }
}
