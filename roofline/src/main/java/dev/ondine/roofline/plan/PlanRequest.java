package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.Optional;

/**
 * A model on a device, and what it is used for.
 *
 * @param precision  of the weights
 * @param kvFormat   of keys and values
 * @param efficiency share of the device's figures that is reached; without effect on a calibrated machine, whose times are measured
 * @param drafting   a draft model; on the device, also where the large one runs in the cloud
 * @param cloud      another device that could run the model
 */
public record PlanRequest(ModelShape shape, Precision precision, StoredFormat kvFormat, Device device, Efficiency efficiency,
        Workload workload, Optional<Drafting> drafting, Optional<CloudLink> cloud) {

    /** What a model takes on a device if nothing else is said: 16-bit keys and values, typical efficiency. */
    public static PlanRequest of(ModelShape shape, Precision precision, Device device) {
        return new PlanRequest(shape, precision, StoredFormat.F16, device, Efficiency.typical(device, shape), Workload.USUAL,
                Optional.empty(), Optional.empty());
    }

    public PlanRequest with(ModelShape changed) {
        return new PlanRequest(changed, precision, kvFormat, device, efficiency, workload, drafting, cloud);
    }

    public PlanRequest with(Precision changed) {
        return new PlanRequest(shape, changed, kvFormat, device, efficiency, workload, drafting, cloud);
    }

    public PlanRequest withKv(StoredFormat changed) {
        return new PlanRequest(shape, precision, changed, device, efficiency, workload, drafting, cloud);
    }

    public PlanRequest with(Device changed) {
        return new PlanRequest(shape, precision, kvFormat, changed, efficiency, workload, drafting, cloud);
    }

    public PlanRequest with(Efficiency changed) {
        return new PlanRequest(shape, precision, kvFormat, device, changed, workload, drafting, cloud);
    }

    public PlanRequest with(Workload changed) {
        return new PlanRequest(shape, precision, kvFormat, device, efficiency, changed, drafting, cloud);
    }

    public PlanRequest with(Drafting changed) {
        return new PlanRequest(shape, precision, kvFormat, device, efficiency, workload, Optional.ofNullable(changed), cloud);
    }

    public PlanRequest with(CloudLink changed) {
        return new PlanRequest(shape, precision, kvFormat, device, efficiency, workload, drafting, Optional.ofNullable(changed));
    }

    /** How long the device takes: from its measured kernels if it was calibrated, else by the roofline. */
    public CostModel costModel() {
        return costModel(device, efficiency);
    }

    static CostModel costModel(Device device, Efficiency efficiency) {
        return device.kernels().<CostModel>map(MeasuredModel::new).orElseGet(() -> new RooflineModel(device, efficiency));
    }
}
