package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.ondine.tensor.Matrix;
import jdk.incubator.vector.FloatVector;

/** Turns rows of scores into probabilities. */
final class VectorSoftmax {

    private final Scratch scratch = new Scratch();

    /** Every row of a matrix, in place. */
    void run(Matrix x) {
        int columns = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            long numbers = x.data().address() + 4L * row * columns;
            if (columns % 16 == 0) {
                run(numbers, columns);
            } else {
                runPadded(numbers, columns);
            }
        }
    }

    private void runPadded(long numbers, int count) {
        long padded = scratch.address(4L * Math.ceilDiv(count, 16) * 16);
        Lanes.copy(numbers, padded, count);
        run(padded, count);
        Lanes.copy(padded, numbers, count);
    }

    /** {@code count} scores in place; memory up to the next multiple of 16 is overwritten. */
    static void run(long scores, int count) {
        int padded = Math.ceilDiv(count, 16) * 16;
        for (int i = count; i < padded; i++) {
            Lanes.float32(scores + 4L * i, Float.NEGATIVE_INFINITY);
        }
        float sum = exponentiate(scores, padded, largest(scores, padded));
        divide(scores, padded, sum);
    }

    private static float largest(long scores, int count) {
        FloatVector largest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            largest = largest.max(Lanes.load(scores + 4L * i));
        }
        return largest.reduceLanes(MAX);
    }

    private static float exponentiate(long scores, int count, float largest) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector power = VectorMath.exp(Lanes.load(scores + 4L * i).sub(largest));
            Lanes.store(power, scores + 4L * i);
            sum = sum.add(power);
        }
        return sum.reduceLanes(ADD);
    }

    private static void divide(long scores, int count, float sum) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(scores + 4L * i).div(sum), scores + 4L * i);
        }
    }
}
