package dev.ondine.roofline.cost;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;

/**
 * The roofline: each product takes as long as its bytes or its operations, whichever takes longer.
 *
 * <p>A device whose peak nobody has published is taken to be bound by memory where a step has few rows; longer ones have no time.
 *
 * @see <a href="https://doi.org/10.1145/1498765.1498785">Williams, Waterman, Patterson: Roofline</a>
 */
public final class RooflineModel implements CostModel {

    /** Rows up to which even a slow accelerator waits for memory. */
    private static final double FEW_ROWS = 8;

    private final double bytesPerSecond;
    private final double byteOperations;
    private final double halfOperations;
    private final double overheadSeconds;

    public RooflineModel(Device device, Efficiency efficiency) {
        double shared = device.number(Spec.SHARED_TRAFFIC, 0);
        double bandwidth = device.required(Spec.MEMORY_BANDWIDTH);
        if (shared >= bandwidth) {
            throw new IllegalArgumentException("%s: other traffic takes %.1f GB/s of %.1f GB/s; nothing is left for a model"
                    .formatted(device.id(), shared / 1e9, bandwidth / 1e9));
        }
        bytesPerSecond = (bandwidth - shared) * efficiency.memory();
        double half = device.number(Spec.FP16_PEAK, Double.NaN);
        halfOperations = half * efficiency.compute();
        byteOperations = device.number(Spec.INT8_PEAK, device.number(Spec.FP8_PEAK, half)) * efficiency.compute();
        overheadSeconds = device.number(Spec.STEP_OVERHEAD, 0);
    }

    @Override
    public StepTime time(Demand demand) {
        double seconds = 0;
        double compute = 0;
        for (Demand.Product product : demand.products()) {
            double peak = product.format().computeBits() <= 8 ? byteOperations : halfPeak();
            double memorySeconds = product.bytes() / bytesPerSecond;
            double computeSeconds = product.rows() == 0 ? 0 : 2 * product.multiplyAccumulates() / peak;
            compute += computeSeconds;
            seconds += longer(memorySeconds, computeSeconds, product.rows());
        }
        double kvSeconds = (demand.kvReadBytes() + demand.kvWriteBytes() + demand.stateBytes()) / bytesPerSecond;
        double attentionSeconds = 2 * demand.attentionMultiplyAccumulates() / halfPeak();
        seconds += longer(kvSeconds, attentionSeconds, demand.attentionRows());
        return new StepTime(seconds + overheadSeconds, demand.bytes() / bytesPerSecond, compute + attentionSeconds, overheadSeconds);
    }

    /** A device without a known 16-bit peak computes them at half the rate of bytes. */
    private double halfPeak() {
        return Double.isNaN(halfOperations) ? byteOperations / 2 : halfOperations;
    }

    private static double longer(double memorySeconds, double computeSeconds, double rows) {
        if (Double.isNaN(computeSeconds)) {
            return rows <= FEW_ROWS ? memorySeconds : Double.NaN;
        }
        return Math.max(memorySeconds, computeSeconds);
    }
}
