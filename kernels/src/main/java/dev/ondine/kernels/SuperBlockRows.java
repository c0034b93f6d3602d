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
    private static final int SCALES_BYTES = 16 * Float.BYTES;

    /** Of every four lanes the upper two. */
    private static final VectorMask<Float> UPPER_PAIRS = VectorMask.fromLong(Lanes.FLOATS, 0xcccc);

    private SuperBlockRows() {
    }

    /**
     * Unpacks the scales of Q4_K and Q5_K blocks, which start with d, dmin and 12 bytes of 8 scales and 8 minimums of 6 bits. Every
     * two parts get four floats: d · scale of both, -dmin · minimum of both.
     */
    private static void unpackSixBits(long row, int blockBytes, int blocks, long scratch) {
        // Two passes: bytes that were just stored one by one cannot be loaded as a vector at once.
        long bytes = scratch + (long) blocks * SCALES_BYTES;
        for (int s = 0; s < blocks; s++) {
            unpackSixBits(row + (long) s * blockBytes + 4, bytes + 16L * s);
        }
        for (int s = 0; s < blocks; s++) {
            multiplyScales(bytes + 16L * s, row + (long) s * blockBytes, scratch + (long) s * SCALES_BYTES);
        }
    }

    /**
     * Bytes 0-3 and 4-7 hold the scales and minimums of parts 0-3 in their lower bits, bytes 8-11 the lower halves of those of
     * parts 4-7, whose upper two bits are on top of the first 8 bytes.
     */
    private static void unpackSixBits(long packed, long target) {
        int a = Lanes.int32(packed);
        int b = Lanes.int32(packed + 4);
        int c = Lanes.int32(packed + 8);
        Lanes.int64(target, interleave(a & 0x3f3f3f3f, b & 0x3f3f3f3f));
        Lanes.int64(target + 8, interleave(c & 0x0f0f0f0f | a >>> 2 & 0x30303030, c >>> 4 & 0x0f0f0f0f | b >>> 2 & 0x30303030));
    }

    /** Bytes 0 and 1 of the first, then of the second, then bytes 2 and 3. */
    private static long interleave(int first, int second) {
        long lower = first & 0xffff | second << 16;
        long upper = first >>> 16 | second & 0xffff0000;
        return lower & 0xffffffffL | upper << 32;
    }

    private static void multiplyScales(long bytes, long block, long target) {
        FloatVector factors = Lanes.spreadHalf(block).blend(-Lanes.float16(block + 2), UPPER_PAIRS);
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            Lanes.store(Lanes.floats(Lanes.unsignedBytes(bytes, i)).mul(factors), target + 4L * i);
        }
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
                decodeGroup(nibbles(source, g), scratch + 16L * g, target + g * 256L);
            }
        }

        private static void decodeGroup(long nibbles, long scales, long target) {
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                IntVector bytes = Lanes.unsignedBytes(nibbles, i);
                Lanes.storeScaled(bytes.and(15), Lanes.float32(scales), Lanes.float32(scales + 8), target + 4L * i);
                Lanes.storeScaled(bytes.lanewise(LSHR, 4), Lanes.float32(scales + 4), Lanes.float32(scales + 12), target + 128 + 4L * i);
            }
        }

        /** The 32 bytes of two parts. */
        private static long nibbles(long row, int group) {
            return row + (group >> 2) * 144L + 16 + 32 * (group & 3);
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpackSixBits(row, 144, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scales) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int g = 0; g < count / 64; g++) {
                long nibbles = nibbles(row, g);
                long xg = x + 2L * g * X_BYTES;
                FloatVector low = FloatVector.zero(Lanes.FLOATS);
                FloatVector high = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(nibbles, i);
                    low = Lanes.floats(bytes.and(15)).fma(Lanes.load(xg + 4L * i), low);
                    high = Lanes.floats(bytes.lanewise(LSHR, 4)).fma(Lanes.load(xg + X_BYTES + 4L * i), high);
                }
                sum = low.fma(Lanes.spread(scales + 16L * g), sum);
                sum = high.fma(Lanes.spread(scales + 16L * g + 4), sum);
                sum = Lanes.load(xg + SUMS).fma(Lanes.spread(scales + 16L * g + 8), sum);
                sum = Lanes.load(xg + X_BYTES + SUMS).fma(Lanes.spread(scales + 16L * g + 12), sum);
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
            for (int g = 0; g < count / 64; g++) {
                decodeGroup(source + (g >> 2) * 176L + 16, g & 3, scratch + 16L * g, target + g * 256L);
            }
        }

        private static void decodeGroup(long bits, int group, long scales, long target) {
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                IntVector fifth = Lanes.unsignedBytes(bits, i).lanewise(LSHL, 4).lanewise(LSHR, 2 * group);
                IntVector bytes = Lanes.unsignedBytes(bits + 32 + 32 * group, i);
                Lanes.storeScaled(low(bytes, fifth), Lanes.float32(scales), Lanes.float32(scales + 8), target + 4L * i);
                Lanes.storeScaled(high(bytes, fifth), Lanes.float32(scales + 4), Lanes.float32(scales + 12), target + 128 + 4L * i);
            }
        }

        private static IntVector low(IntVector bytes, IntVector fifth) {
            return bytes.and(15).or(fifth.and(16));
        }

        private static IntVector high(IntVector bytes, IntVector fifth) {
            return bytes.lanewise(LSHR, 4).or(fifth.lanewise(LSHR, 1).and(16));
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpackSixBits(row, 176, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scales) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int g = 0; g < count / 64; g++) {
                long bits = row + (g >> 2) * 176L + 16;
                long xg = x + 2L * g * X_BYTES;
                FloatVector low = FloatVector.zero(Lanes.FLOATS);
                FloatVector high = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    IntVector fifth = Lanes.unsignedBytes(bits, i).lanewise(LSHL, 4).lanewise(LSHR, 2 * (g & 3));
                    IntVector bytes = Lanes.unsignedBytes(bits + 32 + 32 * (g & 3), i);
                    low = Lanes.floats(low(bytes, fifth)).fma(Lanes.load(xg + 4L * i), low);
                    high = Lanes.floats(high(bytes, fifth)).fma(Lanes.load(xg + X_BYTES + 4L * i), high);
                }
                sum = low.fma(Lanes.spread(scales + 16L * g), sum);
                sum = high.fma(Lanes.spread(scales + 16L * g + 4), sum);
                sum = Lanes.load(xg + SUMS).fma(Lanes.spread(scales + 16L * g + 8), sum);
                sum = Lanes.load(xg + X_BYTES + SUMS).fma(Lanes.spread(scales + 16L * g + 12), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }

    /**
     * 210 bytes: 128 of nibbles, 64 of upper bit pairs, 16 signed scales, d; d · scale · (q - 32).
     *
     * <p>Sixteen bytes of nibbles, the u-th of the block, hold the lower bits of 16 numbers from {@code from(u)} on and, in their
     * high halves, of 16 numbers 64 later. The upper bits of both are in 16 bytes of pairs, at {@code shift(u)} and 4 above.
     */
    private static final class SixBits implements RowFormat {

        private static final int PAIRS = 128;
        private static final int SCALES = 192;
        private static final int D = 208;

        private static int from(int u) {
            return 128 * (u >> 2) + 16 * (u & 3);
        }

        private static int pairs(int u) {
            return PAIRS + 32 * (u >> 2) + 16 * (u & 1);
        }

        private static int shift(int u) {
            return u & 2;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            unpack(source, count / 256, scratch);
            for (int i = 0; i < count / 32; i++) {
                int u = i & 7;
                long block = source + (i >> 3) * 210L;
                long scales = scratch + (long) (i >> 3) * SCALES_BYTES + from(u) / 4;
                decode(block + 16 * u, block + pairs(u), shift(u), scales, target + (i >> 3) * 1024L + 4 * from(u));
            }
        }

        private static void decode(long nibbles, long pairs, int shift, long scales, long target) {
            for (int i = 0; i < 16; i += Lanes.COUNT) {
                IntVector bytes = Lanes.unsignedBytes(nibbles, i);
                IntVector upper = Lanes.unsignedBytes(pairs, i).lanewise(LSHR, shift);
                Lanes.storeScaled(low(bytes, upper), Lanes.float32(scales), 0, target + 4L * i);
                Lanes.storeScaled(high(bytes, upper), Lanes.float32(scales + 16), 0, target + 256 + 4L * i);
            }
        }

        private static IntVector low(IntVector bytes, IntVector upper) {
            return bytes.and(15).or(upper.and(3).lanewise(LSHL, 4)).sub(32);
        }

        private static IntVector high(IntVector bytes, IntVector upper) {
            return bytes.lanewise(LSHR, 4).or(upper.and(0x30)).sub(32);
        }

        /** The scales as 16 floats per block, times d. */
        private static void unpack(long row, int blocks, long scratch) {
            for (int s = 0; s < blocks; s++) {
                FloatVector d = Lanes.spreadHalf(row + s * 210L + D);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    Lanes.store(Lanes.signedBytes(row + s * 210L + SCALES, i).mul(d), scratch + (long) s * SCALES_BYTES + 4L * i);
                }
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            unpack(row, count / 256, scratch);
            return dotUnpacked(row, x, count, scratch);
        }

        private static float dotUnpacked(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int n = 0; n < count / 32; n++) {
                int u = n & 7;
                long block = row + (n >> 3) * 210L;
                long xn = x + (n >> 3) * 1024L + 4 * from(u);
                long scales = scratch + (long) (n >> 3) * SCALES_BYTES + from(u) / 4;
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 16 * u, i);
                    IntVector upper = Lanes.unsignedBytes(block + pairs(u), i).lanewise(LSHR, shift(u));
                    sum = Lanes.floats(low(bytes, upper)).mul(Lanes.load(xn + 4L * i)).fma(Lanes.spread(scales), sum);
                    sum = Lanes.floats(high(bytes, upper)).mul(Lanes.load(xn + 256 + 4L * i)).fma(Lanes.spread(scales + 16), sum);
                }
            }
            return sum.reduceLanes(ADD);
        }
    }
}
