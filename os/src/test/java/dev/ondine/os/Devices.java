package dev.ondine.os;

import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;

/** What steps cost on machines that tests imagine. */
final class Devices {

    static final int ROWS = 512;

    /** A laptop with a model of 1.2 B parameters: a token takes 36 ms, a prompt 2.5 ms a token. */
    static final StepCosts LAPTOP = costs(20e9, 1e12);

    private Devices() {
    }

    static StepCosts costs(double bytesPerSecond, double operationsPerSecond) {
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, bytesPerSecond).with(Spec.INT8_PEAK, operationsPerSecond)
                .with(Spec.FP16_PEAK, operationsPerSecond / 2);
        ModelShape shape = TransformerSizes.dense("1.2b", 16, 2048, 32, 8, 64, 8192, 3, 128_256, 8192, true).shape();
        return new StepCosts(shape, Precision.named("Q4_0"), StoredFormat.F16, device, new RooflineModel(device, Efficiency.IDEAL), ROWS);
    }
}
