package dev.ondine.cli;

import dev.ondine.explorer.chart.TimelineChart;
import dev.ondine.explorer.simulate.DesignCatalogue;
import dev.ondine.explorer.simulate.Fleet;
import dev.ondine.explorer.simulate.FleetReport;
import dev.ondine.explorer.simulate.Scenario;
import dev.ondine.explorer.simulate.ScenarioReport;
import dev.ondine.explorer.simulate.Simulation;
import dev.ondine.explorer.simulate.Sweep;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.device.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code plan --simulate}: a scenario on a virtual clock, on one design, on many, or on a fleet. */
final class SimulateAction {

    private static final int WIDTH = 100;

    private final BasicOptions options;
    private final Console console;
    private final DesignCatalogue designs;
    private final long seed;

    SimulateAction(BasicOptions options, Console console, Catalogue catalogue, long seed) {
        this.options = options;
        this.console = console;
        this.designs = DesignCatalogue.of(catalogue);
        this.seed = seed;
    }

    /**
     * @param axes   of a sweep, {@code memory bandwidth=51.2GB/s,76.8GB/s}; none for one design
     * @param output file for the timeline of one design; null for none
     */
    int run(String name, List<String> axes, boolean fleet, Path output) {
        Scenario scenario = options.checked(() -> scenario(name));
        if (fleet) {
            FleetReport report = new Fleet(scenario, designs).run(seed);
            print(report.json(), report.drawn());
        } else if (axes.isEmpty()) {
            ScenarioReport report = Simulation.run(scenario, designs, seed);
            if (output != null) {
                new ChartAction(options, console).write(TimelineChart.of(report), output);
            }
            print(report.json(), report.drawn(WIDTH));
        } else {
            sweep(new Sweep(scenario, options.checked(() -> axes.stream().map(SimulateAction::axis).toList())));
        }
        return ExitCode.DONE;
    }

    private void print(String json, String drawing) {
        if (options.json()) {
            Json.print(console, Json.parsed(json));
        } else {
            console.out().print(drawing);
        }
    }

    private static Scenario scenario(String name) {
        try {
            return Files.exists(Path.of(name)) ? Scenario.read(Path.of(name)) : Scenario.example(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Sweep.Axis axis(String text) {
        String[] parts = text.split("=", 2);
        String name = parts[0].strip();
        if (parts.length < 2 || parts[1].isBlank()) {
            throw new IllegalArgumentException("--sweep: %s, expected what is varied and its values, such as format=Q4_0,Q8_0".formatted(Display.quoted(text)));
        }
        String[] values = parts[1].strip().split(" *, *");
        return switch (name) {
            case "format" -> Sweep.Axis.formats(values);
            case "batch" -> Sweep.Axis.batches(Stream.of(values).mapToInt(SimulateAction::batch).toArray());
            default -> {
                Spec spec = Spec.ofKey(name).orElseThrow(() -> new IllegalArgumentException("--sweep: %s cannot be varied, expected format, batch, or a "
                        .formatted(Display.quoted(name)) + "figure of a device such as memory bandwidth"));
                yield Sweep.Axis.figure(spec, Stream.of(values).mapToDouble(value -> spec.requireValid(spec.unit().parse(value))).toArray());
            }
        };
    }

    private static int batch(String value) {
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("--sweep: batch %s, expected 1 or more".formatted(Display.quoted(value)));
        }
        return Integer.parseInt(value);
    }

    private void sweep(Sweep sweep) {
        List<Sweep.Point> points = sweep.run(designs, seed);
        if (options.json()) {
            Json.print(console, Json.object("axes", sweep.axes().stream().map(Sweep.Axis::name).toList(), "points",
                    points.stream().map(point -> Json.object("labels", point.labels(), "report", Json.parsed(point.report().json()))).toList()));
            return;
        }
        List<String> head = new ArrayList<>(sweep.axes().stream().map(Sweep.Axis::name).toList());
        head.addAll(List.of("completed", "late", "first token p99 s", "device tokens", "cloud tokens", "kJ", "battery left", "hottest °C"));
        List<String[]> rows = new ArrayList<>(List.<String[]>of(head.toArray(String[]::new)));
        points.forEach(point -> rows.add(row(point)));
        Table.aligned(rows, Set.of()).forEach(console.out()::println);
    }

    private static String[] row(Sweep.Point point) {
        ScenarioReport report = point.report();
        List<ScenarioReport.Group> classes = report.classes();
        List<String> cells = new ArrayList<>(point.labels());
        cells.add(Long.toString(classes.stream().mapToLong(ScenarioReport.Group::completed).sum()));
        cells.add(Long.toString(classes.stream().mapToLong(group -> group.lateFirstTokens() + group.lateCompletions()).sum()));
        cells.add("%.2f".formatted(classes.stream().mapToDouble(group -> group.firstToken().p99()).filter(Double::isFinite).max().orElse(Double.NaN)));
        cells.add(Long.toString(classes.stream().mapToLong(ScenarioReport.Group::deviceTokens).sum()));
        cells.add(Long.toString(classes.stream().mapToLong(ScenarioReport.Group::cloudTokens).sum()));
        cells.add("%.1f".formatted(report.physics().drawnJoules() / 1000));
        cells.add("%.0f %%".formatted(100 * report.physics().endShare()));
        cells.add("%.0f".formatted(report.physics().highestCelsius()));
        return cells.toArray(String[]::new);
    }
}
