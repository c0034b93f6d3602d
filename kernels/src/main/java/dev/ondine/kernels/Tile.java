package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import jdk.incubator.vector.FloatVector;

/**
 * Inner products of a few rows of x with a few rows of weights, all plain floats, held in registers: y += x · wᵀ.
 *
 * <p>Four by three fills 16 vector registers, what the narrower machines have: 12 sums, 3 weights, 1 x. Strides are in bytes.
 */
final class Tile {

    static final int X_ROWS = 4;
    static final int WEIGHT_ROWS = 3;

    private Tile() {
    }

    /** Any number of rows. {@code count} is a multiple of 16. */
    static void multiply(long x, long xStride, int xRows, long w, long wStride, int wRows, int count, long y, long yStride) {
        int row = 0;
        for (; row + X_ROWS <= xRows; row += X_ROWS) {
            multiplyFour(x + row * xStride, xStride, w, wStride, wRows, count, y + row * yStride, yStride);
        }
        for (; row < xRows; row++) {
            multiplyOne(x + row * xStride, w, wStride, wRows, count, y + row * yStride);
        }
    }

    private static void multiplyFour(long x, long xStride, long w, long wStride, int wRows, int count, long y, long yStride) {
        int out = 0;
        for (; out + WEIGHT_ROWS <= wRows; out += WEIGHT_ROWS) {
            fourByThree(x, xStride, w + out * wStride, wStride, count, y + 4L * out, yStride);
        }
        for (; out < wRows; out++) {
            for (int row = 0; row < X_ROWS; row++) {
                oneByOne(x + row * xStride, w + out * wStride, count, y + row * yStride + 4L * out);
            }
        }
    }

    private static void multiplyOne(long x, long w, long wStride, int wRows, int count, long y) {
        int out = 0;
        for (; out + WEIGHT_ROWS <= wRows; out += WEIGHT_ROWS) {
            oneByThree(x, w + out * wStride, wStride, count, y + 4L * out);
        }
        for (; out < wRows; out++) {
            oneByOne(x, w + out * wStride, count, y + 4L * out);
        }
    }

    private static void fourByThree(long x, long xStride, long w, long wStride, int count, long y, long yStride) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0, a2 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0;
        FloatVector d0 = a0, d1 = a0, d2 = a0;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = x + 4L * i;
            FloatVector w0 = Lanes.load(w + 4L * i);
            FloatVector w1 = Lanes.load(w + wStride + 4L * i);
            FloatVector w2 = Lanes.load(w + 2 * wStride + 4L * i);
            FloatVector v = Lanes.load(at);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            a2 = v.fma(w2, a2);
            v = Lanes.load(at + xStride);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            b2 = v.fma(w2, b2);
            v = Lanes.load(at + 2 * xStride);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            c2 = v.fma(w2, c2);
            v = Lanes.load(at + 3 * xStride);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
            d2 = v.fma(w2, d2);
        }
        add(y, a0.reduceLanes(ADD), a1.reduceLanes(ADD), a2.reduceLanes(ADD));
        add(y + yStride, b0.reduceLanes(ADD), b1.reduceLanes(ADD), b2.reduceLanes(ADD));
        add(y + 2 * yStride, c0.reduceLanes(ADD), c1.reduceLanes(ADD), c2.reduceLanes(ADD));
        add(y + 3 * yStride, d0.reduceLanes(ADD), d1.reduceLanes(ADD), d2.reduceLanes(ADD));
    }

    private static void oneByThree(long x, long w, long wStride, int count, long y) {
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x + 4L * i);
            sum0 = v.fma(Lanes.load(w + 4L * i), sum0);
            sum1 = v.fma(Lanes.load(w + wStride + 4L * i), sum1);
            sum2 = v.fma(Lanes.load(w + 2 * wStride + 4L * i), sum2);
        }
        add(y, sum0.reduceLanes(ADD), sum1.reduceLanes(ADD), sum2.reduceLanes(ADD));
    }

    private static void oneByOne(long x, long w, int count, long y) {
        add(y, PlainRows.F32.dot(w, x, count, 0));
    }

    private static void add(long y, float a, float b, float c) {
        add(y, a);
        add(y + 4, b);
        add(y + 8, c);
    }

    private static void add(long y, float a) {
        Lanes.float32(y, Lanes.float32(y) + a);
    }
}
