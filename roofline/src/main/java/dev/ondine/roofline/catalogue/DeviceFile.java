package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The text of a device file, as {@link Catalogue} reads it. */
public final class DeviceFile {

    private DeviceFile() {
    }

    /** @param comment the file's first line, after {@code #} */
    public static List<String> lines(Device device, String comment) {
        List<String> lines = new ArrayList<>(List.of("# " + comment, "[" + device.id() + "]", "name: " + device.name(),
                "kind: " + device.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')));
        if (!device.accelerators().isEmpty()) {
            lines.add("accelerators: " + String.join(", ", device.accelerators()));
        }
        for (Map.Entry<Spec, Figure> entry : new TreeMap<>(device.figures()).entrySet()) {
            Figure figure = entry.getValue();
            lines.add("%s: %s | %s | %s".formatted(entry.getKey().key(),
                    figure.isKnown() ? figure.value() + " " + entry.getKey().unit().base() : "?",
                    figure.trust().name().toLowerCase(Locale.ROOT), figure.source()));
        }
        device.kernels().ifPresent(kernels -> lines.addAll(KernelTimesCard.lines(kernels)));
        return lines;
    }
}
