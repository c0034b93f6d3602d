package dev.ondine.cli;

import dev.ondine.api.start.ChosenKernels;
import dev.ondine.files.GgufFile;
import dev.ondine.tensor.WorkerTeam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what Ondine found on this machine, what is slow and how to mend it. */
@Command(name = "doctor", header = "Show what Ondine found on this machine, what is slow and how to mend it.",
        footerHeading = "%nExamples:%n", footer = {
            "  ondine doctor",
            "  ondine doctor -m model.gguf --json"})
final class DoctorCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (GgufFile file = options.openFile(); WorkerTeam team = options.newTeam();
             ChosenKernels kernels = ChosenKernels.withoutModel(options.kernels(), team, new PackingProgress(console))) {
            Machine machine = Machine.found();
            Diagnosis diagnosis = new Diagnosis(machine, kernels.kernels().description(), kernels.reason(), team.size(),
                    MemoryRoof.bytesPerSecond(team), file.name(), ModelSummary.of(file));
            if (options.json()) {
                Json.print(console, json(diagnosis));
            } else {
                show(diagnosis);
            }
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> json(Diagnosis diagnosis) {
        Map<String, Object> json = new LinkedHashMap<>(diagnosis.facts());
        List<Object> findings = new ArrayList<>();
        diagnosis.findings().forEach(finding -> findings.add(Json.object("problem", finding.problem(), "remedy", finding.remedy())));
        json.put("findings", findings);
        return json;
    }

    private void show(Diagnosis diagnosis) {
        diagnosis.facts().forEach((name, value) -> console.out().println("%-14s%s".formatted(name, value)));
        console.out().println();
        if (diagnosis.findings().isEmpty()) {
            console.out().println("Nothing is slow that could be mended.");
        }
        diagnosis.findings().forEach(finding -> console.out().println(finding.problem() + ": " + finding.remedy() + "."));
    }
}
