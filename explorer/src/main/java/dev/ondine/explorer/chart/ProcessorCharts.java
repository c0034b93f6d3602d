package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Processors over the years. */
final class ProcessorCharts {

    private static final Map<DeviceKind, String> KINDS = Map.of(DeviceKind.PHONE, "phones", DeviceKind.PC, "PCs",
            DeviceKind.EDGE, "edge boards", DeviceKind.CLOUD, "cloud", DeviceKind.WHAT_IF, "what if");

    /** In bytes per second; on-chip memory of whole wafers is far above it, and would press all others together. */
    private static final double HIGHEST_BANDWIDTH = 1e14;

    private ProcessorCharts() {
    }

    static Chart bandwidth(Catalogue catalogue) {
        return of("processors", "Processors: memory bandwidth over the years", Spec.MEMORY_BANDWIDTH,
                Axis.log("memory bandwidth", "GB/s"), 1e9, HIGHEST_BANDWIDTH, catalogue);
    }

    static Chart int8Peak(Catalogue catalogue) {
        return of("processors-int8", "Processors: peak of 8-bit integers over the years", Spec.INT8_PEAK,
                Axis.log("dense int8 peak", "TOPS"), 1e12, Double.POSITIVE_INFINITY, catalogue);
    }

    private static Chart of(String id, String title, Spec spec, Axis axis, double unit, double highest, Catalogue catalogue) {
        List<Device> known = catalogue.devices().stream().filter(device -> device.knows(Spec.YEAR) && device.knows(spec)).toList();
        List<Series> series = Stream.of(DeviceKind.values())
                .map(kind -> points(known.stream().filter(device -> device.kind() == kind && device.required(spec) <= highest),
                        kind, spec, unit))
                .filter(one -> !one.points().isEmpty()).toList();
        Stream<String> above = known.stream().filter(device -> device.required(spec) > highest)
                .map(device -> "%s, %s %s".formatted(device.name(), Digits.brief(device.required(spec) / unit), axis.unit()));
        return new Chart(id, title, "", Axis.linear("year", ""), axis, series, List.of(),
                notes(catalogue.devices().size() - known.size(), above.toList()),
                List.of("the catalogue of devices, with a source for each figure"));
    }

    /** The highest first: where labels find no room, theirs do. */
    private static Series points(Stream<Device> devices, DeviceKind kind, Spec spec, double unit) {
        return new Series(KINDS.get(kind), Style.POINTS, devices.sorted(Comparator.comparingDouble(device -> -device.required(spec)))
                .map(device -> new Point(device.required(Spec.YEAR), device.required(spec) / unit, device.name(), isUnsure(device, spec)))
                .toList());
    }

    private static List<String> notes(long silent, List<String> above) {
        List<String> notes = new ArrayList<>(List.of("Rumoured and assumed values are hollow."));
        if (silent > 0) {
            notes.add("Left out, for want of a published value: %d.".formatted(silent));
        }
        if (!above.isEmpty()) {
            notes.add("Above the scale: %s.".formatted(String.join("; ", above)));
        }
        return notes;
    }

    private static boolean isUnsure(Device device, Spec spec) {
        Trust trust = device.figure(spec).trust();
        return trust == Trust.RUMOURED || trust == Trust.ASSUMED;
    }
}
