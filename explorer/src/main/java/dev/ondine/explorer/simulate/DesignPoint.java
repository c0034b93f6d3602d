package dev.ondine.explorer.simulate;

import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A model in a format on a device.
 *
 * @param deviceId of the catalogue; empty for an imaginary device
 * @param figures  that replace the catalogue's, in base units
 * @param modelId  of the catalogue; empty if the shape is given
 * @param memory   efficiency; what tuned programs reach if empty
 * @param compute  efficiency; likewise
 * @param batch    most tasks that are in progress at once
 * @param chunk    most prompt tokens of a step
 */
public record DesignPoint(String deviceId, Map<Spec, Double> figures, String modelId, Optional<ModelShape> shape, String format,
        String cacheFormat, OptionalDouble memory, OptionalDouble compute, int batch, int chunk) {

    public DesignPoint {
        figures = Map.copyOf(figures);
        if (batch < 1 || batch > 4096 || chunk < 1 || chunk > 8192) {
            throw new IllegalArgumentException("batch %d, chunk %d; expected 1 to 4096 and 1 to 8192".formatted(batch, chunk));
        }
    }

    public Device device(DesignCatalogue catalogue) {
        Device device = deviceId.isEmpty() ? Device.imaginary() : catalogue.devices().apply(deviceId);
        for (Map.Entry<Spec, Double> figure : figures.entrySet()) {
            device = device.with(figure.getKey(), figure.getValue());
        }
        return device;
    }

    public ModelShape model(DesignCatalogue catalogue) {
        return shape.orElseGet(() -> catalogue.models().apply(modelId));
    }

    public DesignPoint withFigure(Spec spec, double value) {
        Map<Spec, Double> changed = new HashMap<>(figures);
        changed.put(spec, spec.requireValid(value));
        return new DesignPoint(deviceId, changed, modelId, shape, format, cacheFormat, memory, compute, batch, chunk);
    }

    public DesignPoint withFormat(String name) {
        return new DesignPoint(deviceId, figures, modelId, shape, name, cacheFormat, memory, compute, batch, chunk);
    }

    public DesignPoint withBatch(int limit) {
        return new DesignPoint(deviceId, figures, modelId, shape, format, cacheFormat, memory, compute, limit, chunk);
    }

    /** What steps cost while others take a part of the memory's bandwidth. */
    public StepCosts costs(DesignCatalogue catalogue, double otherBytesPerSecond) {
        Device device = device(catalogue);
        ModelShape model = model(catalogue);
        return new StepCosts(model, Precision.named(format), StoredFormat.named(cacheFormat), device,
                times(device, model, otherBytesPerSecond), batch + chunk);
    }

    private CostModel times(Device device, ModelShape model, double otherBytesPerSecond) {
        if (device.kernels().isPresent() && memory.isEmpty() && compute.isEmpty()) {
            if (otherBytesPerSecond > 0) {
                throw new IllegalArgumentException("%s is a calibrated machine: its measured times do not tell what other traffic on its "
                        .formatted(device.id()) + "memory would change; give an efficiency to compute with its figures");
            }
            return new MeasuredModel(device.kernels().get());
        }
        Efficiency typical = Efficiency.typical(device, model);
        Efficiency efficiency = new Efficiency(memory.orElse(typical.memory()), compute.orElse(typical.compute()));
        return new RooflineModel(otherBytesPerSecond == 0 ? device
                : device.with(Spec.SHARED_TRAFFIC, device.number(Spec.SHARED_TRAFFIC, 0) + otherBytesPerSecond), efficiency);
    }
}
