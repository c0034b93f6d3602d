package dev.ondine.tensor;

import java.util.Arrays;

/**
 * Searches of the k-quants' encoders: among some scales near the obvious one, that whose rounded numbers come closest to a group in
 * weighted squares. Sums are in float and in ggml's order, so that the same scale wins.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c">ggml's reference quantizers</a>
 */
final class KQuantSearch {

    /** A group whose largest magnitude, or scale, is below this is stored as zeros. */
    static final float NOTHING = 1e-15f;

    /** Added to a float below 2^22 it leaves the nearest integer in the low bits, ties to even. */
    private static final float ROUNDING = 12_582_912f;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private static final int GROUP = 16;
    private static final int LOWEST = -32;

    private KQuantSearch() {
    }

    static int nearest(float value) {
        return Float.floatToRawIntBits(value + ROUNDING) - ROUNDING_BITS;
    }

    /**
     * The scale of a Q6_K group of 16; writes its numbers, 0 to 63. Each number weighs its square.
     *
     * @return 0 for a group of zeros
     */
    static float scale(float[] source, int from, byte[] numbers, int numbersOffset) {
        float largest = 0;
        for (int i = from; i < from + GROUP; i++) {
            largest = Math.abs(source[i]) > Math.abs(largest) ? source[i] : largest;
        }
        if (Math.abs(largest) < NOTHING) {
            Arrays.fill(numbers, numbersOffset, numbersOffset + GROUP, (byte) 0);
            return 0;
        }
        float bestInverse = LOWEST / largest;
        float scale = 0;
        float best = 0;
        for (int trial = 0; trial <= 18; trial++) {
            // The obvious scale first, then nine tenths of a step down to nine up.
            int tenths = trial == 0 ? 0 : trial <= 9 ? trial - 10 : trial - 9;
            float inverse = -(-LOWEST + 0.1f * tenths) / largest;
            float products = 0;
            float squares = 0;
            for (int i = from; i < from + GROUP; i++) {
                int number = Math.clamp(nearest(inverse * source[i]), LOWEST, -LOWEST - 1);
                float weight = source[i] * source[i];
                products += weight * source[i] * number;
                squares += weight * number * number;
            }
            if (trial == 0 || squares > 0 && products * products > best * squares) {
                bestInverse = inverse;
                scale = squares == 0 ? 0 : products / squares;
                best = scale * products;
            }
        }
        for (int i = 0; i < GROUP; i++) {
            int number = Math.clamp(nearest(bestInverse * source[from + i]), LOWEST, -LOWEST - 1);
            numbers[numbersOffset + i] = (byte) (number - LOWEST);
        }
        return scale;
    }

    /** Fits scale · number - minimum to groups of 32, as Q4_K and Q5_K store them. Not thread-safe. */
    static final class ScaleAndMinimum {

        private static final int SIZE = 32;

        private final int most;
        private final float firstStep;
        private final int steps;
        private final float[] weights = new float[SIZE];
        private final byte[] trial = new byte[SIZE];
        private float scale;
        private float minimum;

        /**
         * @param most      the largest number, 15 or 31
         * @param firstStep how many numbers the first trial's range is wider than {@code most}
         * @param steps     further trials, each a tenth wider
         */
        ScaleAndMinimum(int most, float firstStep, int steps) {
            this.most = most;
            this.firstStep = firstStep;
            this.steps = steps;
        }

        int most() {
            return most;
        }

        /** Of the group fitted last. */
        float scale() {
            return scale;
        }

        /** Of the group fitted last: what is taken off, zero or more. */
        float minimum() {
            return -minimum;
        }

        /** Writes the group's numbers, 0 to {@link #most}. A number weighs its magnitude and the group's root mean square. */
        void fit(float[] source, int from, byte[] numbers, int numbersOffset) {
            weigh(source, from);
            float smallest = source[from];
            float largest = source[from];
            float sumOfWeights = 0;
            float sum = 0;
            for (int i = 0; i < SIZE; i++) {
                smallest = Math.min(smallest, source[from + i]);
                largest = Math.max(largest, source[from + i]);
                sumOfWeights += weights[i];
                sum += weights[i] * source[from + i];
            }
            minimum = Math.min(0, smallest);
            if (largest == minimum) {
                scale = 0;
                Arrays.fill(numbers, numbersOffset, numbersOffset + SIZE, (byte) 0);
                return;
            }
            search(source, from, numbers, numbersOffset, largest, sumOfWeights, sum);
        }

        private void weigh(float[] source, int from) {
            float squares = 0;
            for (int i = from; i < from + SIZE; i++) {
                squares += source[i] * source[i];
            }
            float root = (float) Math.sqrt(squares / SIZE);
            for (int i = 0; i < SIZE; i++) {
                weights[i] = root + Math.abs(source[from + i]);
            }
        }

        private void search(float[] source, int from, byte[] numbers, int numbersOffset, float largest, float sumOfWeights, float sum) {
            float inverse = most / (largest - minimum);
            round(source, from, inverse);
            scale = 1 / inverse;
            System.arraycopy(trial, 0, numbers, numbersOffset, SIZE);
            float bestError = error(source, from, scale, minimum);
            for (int step = 0; step <= steps; step++) {
                round(source, from, (firstStep + 0.1f * step + most) / (largest - minimum));
                float numbersSum = 0;
                float squares = 0;
                float products = 0;
                for (int i = 0; i < SIZE; i++) {
                    numbersSum += weights[i] * trial[i];
                    squares += weights[i] * trial[i] * trial[i];
                    products += weights[i] * trial[i] * source[from + i];
                }
                float determinant = sumOfWeights * squares - numbersSum * numbersSum;
                if (determinant > 0) {
                    float trialScale = (sumOfWeights * products - sum * numbersSum) / determinant;
                    float trialMinimum = (squares * sum - numbersSum * products) / determinant;
                    if (trialMinimum > 0) {
                        trialMinimum = 0;
                        trialScale = products / squares;
                    }
                    float error = error(source, from, trialScale, trialMinimum);
                    if (error < bestError) {
                        System.arraycopy(trial, 0, numbers, numbersOffset, SIZE);
                        bestError = error;
                        scale = trialScale;
                        minimum = trialMinimum;
                    }
                }
            }
        }

        /** From the best minimum so far, so that a better one narrows the later trials. */
        private void round(float[] source, int from, float inverse) {
            for (int i = 0; i < SIZE; i++) {
                trial[i] = (byte) Math.clamp(nearest(inverse * (source[from + i] - minimum)), 0, most);
            }
        }

        private float error(float[] source, int from, float trialScale, float trialMinimum) {
            float error = 0;
            for (int i = 0; i < SIZE; i++) {
                float difference = trialScale * trial[i] + trialMinimum - source[from + i];
                error += weights[i] * (difference * difference);
            }
            return error;
        }
    }
}
