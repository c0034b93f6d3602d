package dev.ondine.roofline.device;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a processor and its memory offer.
 *
 * @param id           the name on the command line: {@code dimensity-9300}
 * @param name         as its maker writes it
 * @param memory       id of its memory generation, {@code lpddr5t}; empty where unknown
 * @param accelerators what computes, in words: {@code APU 790}
 * @param figures      what is known; a {@link Spec} that is absent or unknown has no value
 * @param kernels      times of Ondine's own kernels, where the device is a machine that was calibrated
 */
public record Device(String id, String name, String maker, DeviceKind kind, String memory, List<String> accelerators,
        Map<Spec, Figure> figures, Optional<KernelTimes> kernels) {

    public Device {
        figures = figures.isEmpty() ? Map.of() : Map.copyOf(figures);
        accelerators = List.copyOf(accelerators);
    }

    /** A device of which nothing is known but what is set afterwards. */
    public static Device imaginary() {
        return new Device("imaginary", "imaginary device", "", DeviceKind.WHAT_IF, "", List.of(), Map.of(), Optional.empty());
    }

    public Figure figure(Spec spec) {
        return figures.getOrDefault(spec, Figure.unknown("not in the catalogue"));
    }

    public boolean knows(Spec spec) {
        return figure(spec).isKnown();
    }

    /** The value in base units, or the fallback where it is unknown. */
    public double number(Spec spec, double fallback) {
        return figure(spec).or(fallback);
    }

    /** @throws IllegalArgumentException saying how to give the number, if it is unknown */
    public double required(Spec spec) {
        if (!knows(spec)) {
            throw new IllegalArgumentException("%s: %s is unknown (%s); give one".formatted(id, spec.key(), figure(spec).source()));
        }
        return figure(spec).value();
    }

    /** The same device but for one figure: a what-if. */
    public Device with(Spec spec, double value) {
        return with(spec, Figure.assumed(spec.requireValid(value), "given"));
    }

    /** The same device without its calibration, so that its figures tell its speed. */
    public Device withoutKernels() {
        return new Device(id, name, maker, kind, memory, accelerators, figures, Optional.empty());
    }

    public Device with(Spec spec, Figure figure) {
        Map<Spec, Figure> changed = new EnumMap<>(Spec.class);
        changed.putAll(figures);
        changed.put(spec, figure);
        return new Device(id, name, maker, kind, memory, accelerators, changed, kernels);
    }
}
