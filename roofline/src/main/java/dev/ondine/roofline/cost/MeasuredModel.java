package dev.ondine.roofline.cost;

import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.Curve;
import java.util.Map;

/** Times of Ondine's own kernels, as calibration measured them on the machine, added up over a step. */
public final class MeasuredModel implements CostModel {

    private final KernelTimes kernels;

    public MeasuredModel(KernelTimes kernels) {
        this.kernels = kernels;
    }

    @Override
    public StepTime time(Demand demand) {
        double cached = cachedShare(demand.bytes());
        double memory = 0;
        double products = 0;
        for (Demand.Product product : demand.products()) {
            if (product.rows() > 0) {
                Curve curve = curve(kernels.products(), product.format().name(), "products with");
                memory += product.weights() * curve.streamed(1);
                products += product.weights() * mixed(curve, product.rows(), cached);
            }
        }
        double attention = 0;
        if (demand.kvReadBytes() > 0) {
            attention = demand.kvReadBytes() * mixed(curve(kernels.attention(), demand.kvFormat().name(), "a cache in"),
                    demand.attentionRows(), cached);
        }
        double overhead = kernels.stepSeconds() + demand.operations() * kernels.operationSeconds();
        double work = products + attention;
        return new StepTime(work + overhead, Math.min(memory, work), work > 1.2 * memory ? work : 0, overhead);
    }

    /** Part of a step's bytes that the caches still hold from the step before. */
    private double cachedShare(double bytes) {
        return Math.clamp((2.0 * kernels.cacheBytes() - bytes) / Math.max(1, kernels.cacheBytes()), 0, 1);
    }

    private static double mixed(Curve curve, double rows, double cachedShare) {
        return curve.streamed(rows) * (1 - cachedShare) + curve.cached(rows) * cachedShare;
    }

    private static Curve curve(Map<String, Curve> curves, String format, String use) {
        Curve curve = curves.get(format);
        if (curve == null) {
            throw new IllegalArgumentException("the calibration has no times for %s %s, only for %s".formatted(use, format,
                    String.join(", ", curves.keySet().stream().sorted().toList())));
        }
        return curve;
    }
}
