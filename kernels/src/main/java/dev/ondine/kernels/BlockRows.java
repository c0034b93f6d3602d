package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of ggml's blocks of 32 numbers with a half-precision scale d and perhaps a minimum m.
 *
 * <p>Byte j of a block's nibbles holds numbers j (low) and j + 16 (high). An offset that all 32 numbers of a block share does
 * not enter the loops: x brings its block sums along.
 */
final class BlockRows {

    static final RowFormat Q4_0 = new Nibbles();
    static final RowFormat Q4_1 = new NibblesWithMinimum();
    static final RowFormat Q5_0 = new FiveBits();
    static final RowFormat Q5_1 = new FiveBitsWithMinimum();
    static final RowFormat Q8_0 = new Bytes();

    private static final int X_BYTES = RowFormat.SUMMED_BLOCK * Float.BYTES;
    private static final int SUMS = 32 * Float.BYTES;

    private BlockRows() {
    }

    private static IntVector low(IntVector bytes) {
        return bytes.and(15);
    }

    private static IntVector high(IntVector bytes) {
        return bytes.lanewise(LSHR, 4);
    }

    /** The fifth bits, worth 16 each, of the numbers from {@code first} on. */
    private static IntVector fifth(int bits, int first) {
        return IntVector.broadcast(Lanes.INTS, Integer.rotateLeft(bits, 4 - first)).lanewise(LSHR, Lanes.INDEX).and(16);
    }

    /** 18 bytes: d, 16 bytes of nibbles; d · (q - 8). */
    private static final class Nibbles implements RowFormat {

        @Override
        public float sumFactor() {
            return -8;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int b = 0; b < count / 32; b++) {
                long block = source + b * 18L;
                float d = Lanes.float16(block);
                nibbles(block + 2, d, -8 * d, target + b * 128L);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int b = 0; b < count / 32; b++) {
                long block = row + b * 18L;
                long xb = x + (long) b * X_BYTES;
                FloatVector part = Lanes.load(xb + SUMS);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 2, i);
                    part = Lanes.floats(low(bytes)).fma(Lanes.load(xb + 4L * i), part);
                    part = Lanes.floats(high(bytes)).fma(Lanes.load(xb + 64 + 4L * i), part);
                }
                sum = part.fma(Lanes.spreadHalf(block), sum);
            }
            return sum.reduceLanes(ADD);
        }

        /** target = d · q + m of 32 nibbles. */
        static void nibbles(long source, float d, float m, long target) {
            for (int i = 0; i < 16; i += Lanes.COUNT) {
                IntVector bytes = Lanes.unsignedBytes(source, i);
                Lanes.storeScaled(low(bytes), d, m, target + 4L * i);
                Lanes.storeScaled(high(bytes), d, m, target + 64 + 4L * i);
            }
        }
    }

    /** 20 bytes: d, m, 16 bytes of nibbles; d · q + m. */
    private static final class NibblesWithMinimum implements RowFormat {

        @Override
        public float sumFactor() {
            return 1;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int b = 0; b < count / 32; b++) {
                long block = source + b * 20L;
                Nibbles.nibbles(block + 4, Lanes.float16(block), Lanes.float16(block + 2), target + b * 128L);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int b = 0; b < count / 32; b++) {
                long block = row + b * 20L;
                long xb = x + (long) b * X_BYTES;
                FloatVector part = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 4, i);
                    part = Lanes.floats(low(bytes)).fma(Lanes.load(xb + 4L * i), part);
                    part = Lanes.floats(high(bytes)).fma(Lanes.load(xb + 64 + 4L * i), part);
                }
                sum = part.fma(Lanes.spreadHalf(block), sum);
                sum = Lanes.load(xb + SUMS).fma(Lanes.spreadHalf(block + 2), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }

    /** 22 bytes: d, 4 bytes of fifth bits, 16 bytes of nibbles; d · (q - 16). */
    private static final class FiveBits implements RowFormat {

        @Override
        public float sumFactor() {
            return -16;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int b = 0; b < count / 32; b++) {
                long block = source + b * 22L;
                float d = Lanes.float16(block);
                fiveBits(block + 2, d, -16 * d, target + b * 128L);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int b = 0; b < count / 32; b++) {
                long block = row + b * 22L;
                long xb = x + (long) b * X_BYTES;
                int bits = Lanes.int32(block + 2);
                FloatVector part = Lanes.load(xb + SUMS);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 6, i);
                    part = Lanes.floats(low(bytes).or(fifth(bits, i))).fma(Lanes.load(xb + 4L * i), part);
                    part = Lanes.floats(high(bytes).or(fifth(bits, i + 16))).fma(Lanes.load(xb + 64 + 4L * i), part);
                }
                sum = part.fma(Lanes.spreadHalf(block), sum);
            }
            return sum.reduceLanes(ADD);
        }

        /** target = d · q + m of 32 numbers: 4 bytes of fifth bits, then nibbles. */
        static void fiveBits(long source, float d, float m, long target) {
            int bits = Lanes.int32(source);
            for (int i = 0; i < 16; i += Lanes.COUNT) {
                IntVector bytes = Lanes.unsignedBytes(source + 4, i);
                Lanes.storeScaled(low(bytes).or(fifth(bits, i)), d, m, target + 4L * i);
                Lanes.storeScaled(high(bytes).or(fifth(bits, i + 16)), d, m, target + 64 + 4L * i);
            }
        }
    }

    /** 24 bytes: d, m, 4 bytes of fifth bits, 16 bytes of nibbles; d · q + m. */
    private static final class FiveBitsWithMinimum implements RowFormat {

        @Override
        public float sumFactor() {
            return 1;
        }

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int b = 0; b < count / 32; b++) {
                long block = source + b * 24L;
                FiveBits.fiveBits(block + 4, Lanes.float16(block), Lanes.float16(block + 2), target + b * 128L);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int b = 0; b < count / 32; b++) {
                long block = row + b * 24L;
                long xb = x + (long) b * X_BYTES;
                int bits = Lanes.int32(block + 4);
                FloatVector part = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 16; i += Lanes.COUNT) {
                    IntVector bytes = Lanes.unsignedBytes(block + 8, i);
                    part = Lanes.floats(low(bytes).or(fifth(bits, i))).fma(Lanes.load(xb + 4L * i), part);
                    part = Lanes.floats(high(bytes).or(fifth(bits, i + 16))).fma(Lanes.load(xb + 64 + 4L * i), part);
                }
                sum = part.fma(Lanes.spreadHalf(block), sum);
                sum = Lanes.load(xb + SUMS).fma(Lanes.spreadHalf(block + 2), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }

    /** 34 bytes: d, 32 signed bytes; d · q. */
    private static final class Bytes implements RowFormat {

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int b = 0; b < count / 32; b++) {
                long block = source + b * 34L;
                FloatVector d = Lanes.spreadHalf(block);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    Lanes.store(Lanes.signedBytes(block + 2, i).mul(d), target + b * 128L + 4L * i);
                }
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int b = 0; b < count / 32; b++) {
                long block = row + b * 34L;
                FloatVector part = FloatVector.zero(Lanes.FLOATS);
                for (int i = 0; i < 32; i += Lanes.COUNT) {
                    part = Lanes.signedBytes(block + 2, i).fma(Lanes.load(x + b * 128L + 4L * i), part);
                }
                sum = part.fma(Lanes.spreadHalf(block), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }
}
