package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The card of a device: words, a figure for each {@link Spec} that it names, and times of kernels where it was calibrated. */
final class DeviceCard {

    static final List<String> KEYS = Stream.concat(Stream.of("name", "maker", "kind", "memory", "accelerators"),
            Stream.of(Spec.values()).map(Spec::key)).toList();

    private DeviceCard() {
    }

    static Device read(Card card) {
        card.allowOnly(KEYS, KernelTimesCard.PREFIX);
        Map<Spec, Figure> figures = new EnumMap<>(Spec.class);
        for (Spec spec : Spec.values()) {
            card.field(spec.key()).ifPresent(field -> figures.put(spec, field.figure(spec)));
        }
        return new Device(card.id(), card.required("name").text(), card.words("maker", ""), card.choice("kind", DeviceKind.class),
                card.words("memory", ""), card.list("accelerators"), figures, KernelTimesCard.read(card));
    }
}
