package dev.ondine.roofline.formula;

/**
 * Where a batch stops being free: below, reading the weights takes longest; above, arithmetic.
 *
 * @see <a href="https://kipp.ly/transformer-inference-arithmetic/">kipply, Transformer Inference Arithmetic</a>, whose A100 has 208
 */
public final class Crossover {

    private Crossover() {
    }

    /**
     * Rows at which arithmetic takes as long as reading the weights: peak x bytes / (2 x bandwidth).
     *
     * @param operationsPerSecond of the processor; a multiply-accumulate is two
     * @param bytesPerWeight      2 for FP16, 0.5 for INT4
     */
    public static double rows(double operationsPerSecond, double bytesPerWeight, double bytesPerSecond) {
        Require.positive("peak", operationsPerSecond);
        Require.positive("bytes per weight", bytesPerWeight);
        return operationsPerSecond * bytesPerWeight / (2 * Require.positive("bandwidth", bytesPerSecond));
    }

    /** Seconds of a pass: the longer of reading the weights once and multiplying every row with them. */
    public static double passSeconds(double weights, double rows, double operationsPerSecond, double bytesPerWeight,
            double bytesPerSecond) {
        return Math.max(weights * bytesPerWeight / bytesPerSecond, 2 * weights * rows / operationsPerSecond);
    }
}
