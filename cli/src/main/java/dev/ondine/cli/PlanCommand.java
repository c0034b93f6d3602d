package dev.ondine.cli;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.formula.ReadingSpeed;
import dev.ondine.roofline.plan.Planner;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts how fast a model runs on a device, and answers the questions around that. */
@Command(name = "plan", header = "Predict how fast a model runs on a device.", sortOptions = false,
        description = {"%nSays whether the model fits, how many tokens a second it gives, when the first one comes, what one costs in",
            "energy, and what would help most. Devices and models come from a catalogue of published figures, each",
            "with its source; or from options; or from this machine, once it is calibrated.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine plan llama-3.2-3b --on dimensity-9300",
            "  ondine plan llama-2-7b --on snapdragon-8-elite --format INT4 --context 8192 --json",
            "  ondine plan --params 7e9 --bits 4 --bandwidth 76.8GB/s --mbu 1.0",
            "  ondine plan --calibrate && ondine plan model.gguf"})
final class PlanCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private BasicOptions options;

    @Mixin
    private PlanFlags flags;

    @Option(names = "--tokens-per-word", paramLabel = "N", description = "Of the language that is read (default: 1.33, English).")
    private double tokensPerWord = ReadingSpeed.TYPICAL_TOKENS_PER_WORD;

    @Option(names = "--calibrate", description = "Measure this machine, in about a minute, so that plans for it hold.")
    private boolean calibrate;

    @Option(names = "--validate", description = "Run models with random weights and show how far predictions are off; takes some minutes.")
    private boolean validate;

    @Option(names = "--tuned", description = "With --validate: only the part that the cost model was tuned on.")
    private boolean tunedOnly;

    @Option(names = "--published", description = "Show how far predictions are from speeds that others measured.")
    private boolean published;

    @Option(names = "--list", paramLabel = "WHAT", description = "Show what the catalogue holds: ${COMPLETION-CANDIDATES}.")
    private CatalogueList list;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to write what is made: a report, a chart, the page.")
    private Path output;

    PlanCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (calibrate) {
            return new CalibrateAction(options, console).run();
        }
        if (validate) {
            return new ValidateAction(options, console, tunedOnly, output).run();
        }
        Catalogue catalogue = flags.catalogue(console);
        if (published) {
            return new PublishedAction(catalogue, options, console, output).run();
        }
        if (list != null) {
            return list.show(catalogue, options.json(), console);
        }
        return plan(catalogue);
    }

    private int plan(Catalogue catalogue) {
        PlanReport report = new PlanReport(options.checked(() -> Planner.plan(flags.request(catalogue))), tokensPerWord);
        if (options.json()) {
            Json.print(console, report.json());
        } else {
            report.screen().forEach(console.out()::println);
        }
        return ExitCode.DONE;
    }
}
