package dev.ondine.roofline.plan;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.StoredFormat;

/**
 * The memory that a model takes on a device.
 *
 * @param weightBytes   all of them, idle experts and a draft model included
 * @param kvBytes       keys, values and recurrent state of all sequences at full context
 * @param capacityBytes what the device leaves a model; NaN where its capacity is unknown
 */
public record Footprint(double weightBytes, double kvBytes, double capacityBytes) {

    static Footprint of(PlanRequest request) {
        Workload workload = request.workload();
        double weights = request.precision().bytes(request.shape());
        double kv = kvBytes(request.shape(), request.kvFormat(), workload);
        if (request.drafting().isPresent()) {
            Drafting drafting = request.drafting().get();
            weights += drafting.precision().bytes(drafting.shape());
            kv += kvBytes(drafting.shape(), request.kvFormat(), workload);
        }
        Device device = request.device();
        double capacity = device.number(Spec.MEMORY_CAPACITY, Double.NaN) - device.number(Spec.MEMORY_RESERVED, 0);
        return new Footprint(weights, kv, capacity);
    }

    private static double kvBytes(ModelShape shape, StoredFormat format, Workload workload) {
        return workload.batch() * (format.bytes(shape.kvElements(workload.contextTokens())) + StoredFormat.F16.bytes(shape.stateElements()));
    }

    public double totalBytes() {
        return weightBytes + kvBytes;
    }

    /** Whether the device's capacity is known. */
    public boolean isDecided() {
        return !Double.isNaN(capacityBytes);
    }

    /** False only if the capacity is known and too small. */
    public boolean fits() {
        return !isDecided() || totalBytes() <= capacityBytes;
    }

    /** Part of the weights that stays in memory if the rest is read from flash. */
    public double residentShare() {
        return fits() ? 1 : Math.clamp((capacityBytes - kvBytes) / weightBytes, 0, 1);
    }
}
