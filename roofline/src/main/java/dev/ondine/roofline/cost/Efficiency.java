package dev.ondine.roofline.cost;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;

/**
 * How much of a device's figures a program reaches.
 *
 * @param memory  share of the memory bandwidth: model bandwidth utilisation (MBU)
 * @param compute share of the peak operations: model FLOPs utilisation
 */
public record Efficiency(double memory, double compute) {

    /** What the charts of an ideal machine assume. */
    public static final Efficiency IDEAL = new Efficiency(1, 1);

    /** Share of the bandwidth that a program reaches which is bound by its own software, such as eager PyTorch. */
    public static final double PLAIN_STACK_MEMORY = 0.3;

    private static final double TUNED = 0.75;
    private static final double SMALL = 0.5;
    private static final double SMALL_PARAMETERS = 2e9;
    private static final double LARGE_PARAMETERS = 3e9;
    private static final long LARGE_VOCABULARY = 200_000;
    private static final double TYPICAL_COMPUTE = 0.5;

    public Efficiency {
        Spec.MEMORY_EFFICIENCY.requireValid(memory);
        Spec.COMPUTE_EFFICIENCY.requireValid(compute);
    }

    /**
     * What tuned programs reach: the device's own figures where the catalogue has them, else 0.75 of the bandwidth from 3 billion
     * parameters on, 0.5 up to 2 billion or with a vocabulary of 200,000, and half of the peak.
     *
     * @see <a href="https://www.databricks.com/blog/llm-inference-performance-engineering-best-practices">Databricks, MBU</a>
     */
    public static Efficiency typical(Device device, ModelShape shape) {
        return new Efficiency(device.number(Spec.MEMORY_EFFICIENCY, typicalMemory(shape)),
                device.number(Spec.COMPUTE_EFFICIENCY, TYPICAL_COMPUTE));
    }

    private static double typicalMemory(ModelShape shape) {
        if (shape.vocabSize() >= LARGE_VOCABULARY && shape.parameters() < LARGE_PARAMETERS) {
            return SMALL;
        }
        double size = (shape.parameters() - SMALL_PARAMETERS) / (LARGE_PARAMETERS - SMALL_PARAMETERS);
        return SMALL + (TUNED - SMALL) * Math.clamp(size, 0, 1);
    }

    public Efficiency withMemory(double share) {
        return new Efficiency(share, compute);
    }

    public Efficiency withCompute(double share) {
        return new Efficiency(memory, share);
    }
}
