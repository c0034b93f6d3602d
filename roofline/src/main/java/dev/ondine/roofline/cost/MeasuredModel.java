package dev.ondine.roofline.cost;

import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.AttentionTimes;
import java.util.Map;

/** Times of Ondine's own kernels, as calibration measured them on the machine, added up over a step. */
public final class MeasuredModel implements CostModel {

    /** Tokens from which a product is bound by computing on any processor, so that their time tells what computing takes. */
    private static final double MANY_ROWS = 64;

    private final KernelTimes kernels;

    public MeasuredModel(KernelTimes kernels) {
        this.kernels = kernels;
    }

    @Override
    public StepTime time(Demand demand) {
        double memory = 0;
        double compute = 0;
        double seconds = 0;
        for (Demand.Product product : demand.products()) {
            if (product.rows() > 0) {
                Curve curve = found(kernels.products(), product.format().name(), "products with");
                double reading = curve.at(1) * kernels.memoryFactor(demand.bytes(), kernels.productSetBytes());
                memory += product.weights() * reading;
                compute += product.weights() * product.rows() * curve.at(MANY_ROWS) / MANY_ROWS;
                seconds += product.weights() * secondsPerWeight(curve, product.rows(), reading);
            }
        }
        if (demand.kvReadBytes() > 0) {
            AttentionTimes attention = found(kernels.attention(), demand.kvFormat().name(), "a cache in");
            double reading = demand.kvReadBytes() * attention.secondsPerByte() * kernels.memoryFactor(demand.bytes(), attention.setBytes());
            double computing = demand.attentionMultiplyAccumulates() * attention.secondsPerMultiplyAccumulate();
            memory += reading;
            compute += computing;
            seconds += Math.max(reading, computing);
        }
        double overhead = kernels.stepSeconds() + demand.operations() * kernels.operationSeconds();
        return new StepTime(seconds + overhead, memory, compute, overhead);
    }

    /** The measured time, in which the part that waits for memory is exchanged for what reading takes in this step. */
    private static double secondsPerWeight(Curve curve, double rows, double reading) {
        double measured = rows <= curve.last() ? curve.at(rows) : curve.at(curve.last()) * rows / curve.last();
        double atMemory = curve.at(1) / measured;
        return Math.max(measured + atMemory * (reading - curve.at(1)), rows * curve.at(MANY_ROWS) / MANY_ROWS);
    }

    private static <T> T found(Map<String, T> times, String format, String use) {
        T found = times.get(format);
        if (found == null) {
            throw new IllegalArgumentException("the calibration has no times for %s %s, only for %s".formatted(use, format,
                    String.join(", ", times.keySet().stream().sorted().toList())));
        }
        return found;
    }
}
