package dev.ondine.cli;

import dev.ondine.api.start.KernelChoice;
import dev.ondine.explorer.validate.Grid;
import dev.ondine.explorer.validate.Residual;
import dev.ondine.explorer.validate.Subject;
import dev.ondine.explorer.validate.Validation;
import dev.ondine.explorer.validate.ValidationReport;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.device.Device;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code plan --validate}: calibrates, runs the grid on the engine, and shows predictions beside measurements. */
final class ValidateAction {

    private final BasicOptions options;
    private final Console console;
    private final boolean tunedOnly;
    private final Path output;

    /** @param output file of the report; null for none */
    ValidateAction(BasicOptions options, Console console, boolean tunedOnly, Path output) {
        this.options = options;
        this.console = console;
        this.tunedOnly = tunedOnly;
        this.output = output;
    }

    int run() {
        if (output != null) {
            OutputFile.requirePlace(output);
        }
        List<Subject> grid = tunedOnly ? Grid.tuning() : Grid.full();
        try (WorkerTeam team = options.newTeam()) {
            console.say("calibrating, then %d models; the whole takes some minutes".formatted(grid.size()));
            Device device = new MachineCalibration(team, KernelChoice.AUTO, console, next -> { })
                    .measure(UserCatalogue.HERE, Path.of(System.getProperty("java.io.tmpdir")));
            Validation validation = new Validation(new EngineWorkbench(team, KernelChoice.AUTO, console),
                    new MeasuredModel(device.kernels().orElseThrow()), this::show);
            ValidationReport report = new ValidationReport(validation.run(grid));
            finish(report, device, team.size());
        }
        return ExitCode.DONE;
    }

    private void show(Residual residual) {
        if (!options.json()) {
            console.out().println("%-14s %-7s %-32s %9.4g predicted %9.4g measured %+6.1f %%".formatted(residual.subject().shape(),
                    residual.subject().format(), residual.measurement().name(), residual.predicted(), residual.measured(),
                    100 * residual.relative()));
            console.out().flush();
        }
    }

    private void finish(ValidationReport report, Device device, int threads) {
        if (output != null) {
            write(report, device, threads);
        }
        if (options.json()) {
            Json.print(console, json(report, device));
        } else {
            console.out().println();
            report.summaryTable().forEach(console.out()::println);
        }
    }

    private void write(ValidationReport report, Device device, int threads) {
        List<String> lines = new ArrayList<>(List.of("# Predictions beside measurements", "",
                "%s, %d threads, %s. Models with random weights; regenerate with `./ondine plan --validate -o docs/validation.md`."
                        .formatted(device.name(), threads, LocalDate.now()),
                "The machine is calibrated at the start of the run. Nobody looks at the held-out part to tune the cost model. A residual",
                "above 0 means that more was predicted than measured.", ""));
        lines.addAll(report.markdown());
        OutputFile.write(output, lines);
    }

    private static Map<String, Object> json(ValidationReport report, Device device) {
        return Json.object("device", device.name(), "date", LocalDate.now().toString(),
                "summary", report.summaries().stream().map(summary -> Json.object("held_out", summary.heldOut(),
                        "kind", summary.kind().name().toLowerCase(Locale.ROOT), "points", summary.count(), "median_error", summary.median(),
                        "p95_error", summary.p95(), "bias", summary.bias())).toList(),
                "residuals", report.residuals().stream().map(residual -> Json.object("held_out", residual.subject().heldOut(),
                        "model", residual.subject().shape(), "format", residual.subject().format(), "measurement", residual.measurement().name(),
                        "unit", residual.measurement().kind().unit(), "predicted", residual.predicted(), "measured", residual.measured(),
                        "residual", residual.relative())).toList());
    }
}
