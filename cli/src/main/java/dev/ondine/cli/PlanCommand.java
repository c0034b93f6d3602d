package dev.ondine.cli;

import dev.ondine.explorer.chart.Chart;
import dev.ondine.explorer.chart.Charts;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.formula.ReadingSpeed;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.solve.Question;
import dev.ondine.roofline.solve.Solution;
import dev.ondine.roofline.solve.Solver;
import dev.ondine.roofline.solve.Unknown;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  ondine plan llama-2-7b --format INT4 -c 8192 --solve bandwidth --target \"20 tok/s\"",
            "  ondine plan --simulate phone-day --sweep \"memory bandwidth=51.2GB/s,76.8GB/s\" --sweep batch=1,4",
            "  ondine plan --chart token-speed-int4 -o speed.svg",
            "  ondine plan llama-3.2-3b --on dimensity-9300 --page -o what-if.html",
            "  ondine plan --calibrate && ondine plan model.gguf"})
final class PlanCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private BasicOptions options;

    @Mixin
    private PlanFlags flags;

    @Option(names = "--tokens-per-word", paramLabel = "N", description = "Of the language that is read (default: 1.33, English; charts: 2).")
    private Double tokensPerWord;

    @Option(names = "--solve", paramLabel = "UNKNOWN", description = "Find how much is needed, or how much is possible: bandwidth, bits, "
            + "parameters, context, batch, power, acceptance, rtt, compute, capacity, mbu.")
    private String unknown;

    @Option(names = "--target", paramLabel = "GOALS", description = "What has to hold, with commas between: \"20 tok/s, <= 4 W, "
            + "ttft 500 ms, memory <= 8 GB, 0.3 J/token, 238 wpm\".")
    private String goals;

    @Option(names = "--pareto", description = "Show which models and formats are best on the device: none is better in quality, speed, "
            + "memory and energy at once.")
    private boolean pareto;

    @Option(names = "--chart", paramLabel = "ID", completionCandidates = ChartNames.class, description = "Draw a chart: ${COMPLETION-CANDIDATES}.")
    private String chart;

    @Option(names = "--table", paramLabel = "ID", description = "The same as a table.")
    private String table;

    @Option(names = "--as", paramLabel = "FORMAT", description = "Of a chart: ${COMPLETION-CANDIDATES} (default: by the file's ending, "
            + "else for the terminal).")
    private ChartFormat format;

    @Option(names = "--page", description = "Write the what-if page, one HTML file with sliders, to the file that -o names. It opens on "
            + "MODEL and DEVICE if they are given.")
    private boolean page;

    @Option(names = "--simulate", paramLabel = "SCENARIO", description = "Live through a scenario on a virtual clock: a file, or phone-day, "
            + "car, robot-50hz, home-fleet (docs/scenarios.md).")
    private String scenario;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of a scenario: equal seeds, equal reports (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--sweep", paramLabel = "WHAT=VALUES", description = "Simulate every combination: format=Q4_0,Q8_0, batch=1,4, or a figure "
            + "of the device, \"memory bandwidth=51.2GB/s,76.8GB/s\". May be given several times.")
    private List<String> sweeps = List.of();

    @Option(names = "--fleet", description = "Simulate the scenario's fleet of devices against their shared cloud.")
    private boolean fleet;

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

    /** The ids of all charts, for the help. */
    static final class ChartNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Charts.names().iterator();
        }
    }

    @Override
    public Integer call() {
        requireOneAction();
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
        if (page) {
            return new PageAction(options, console).write(flags, catalogue, output);
        }
        if (scenario != null) {
            return new SimulateAction(options, console, catalogue, seed).run(scenario, sweeps, fleet, output);
        }
        if (chart != null || table != null) {
            Chart drawn = options.checked(() -> Charts.named(chart != null ? chart : table, catalogue, flags.chartSettings(tokensPerWord)));
            return new ChartAction(options, console).show(drawn, chart != null ? ChartFormat.TERMINAL : ChartFormat.TABLE, format, output);
        }
        if (pareto) {
            return new ParetoAction(options, console).show(flags, catalogue);
        }
        return unknown != null ? solve(catalogue) : plan(catalogue);
    }

    private void requireOneAction() {
        long wanted = Stream.of(calibrate, validate, published, page, pareto, list != null, scenario != null, chart != null, table != null,
                unknown != null).filter(asked -> asked).count();
        if (wanted > 1) {
            throw options.wrongUse("one of --calibrate, --validate, --published, --page, --pareto, --list, --simulate, --chart, --table and "
                    + "--solve at a time, found %d".formatted(wanted));
        }
    }

    private double tokensPerWord() {
        if (tokensPerWord != null && !(tokensPerWord > 0 && tokensPerWord <= 100)) {
            throw options.wrongUse("--tokens-per-word is %s, expected more than 0 and at most 100".formatted(tokensPerWord));
        }
        return tokensPerWord == null ? ReadingSpeed.TYPICAL_TOKENS_PER_WORD : tokensPerWord;
    }

    private int solve(Catalogue catalogue) {
        options.require("--target", goals);
        Question question = options.checked(() -> Question.parse(Unknown.named(unknown), goals, tokensPerWord()));
        if (question.unknown() == Unknown.BANDWIDTH) {
            flags.allowAnyBandwidth();
        }
        PlanRequest request = options.checked(() -> flags.request(catalogue));
        Solution solution = Solver.solve(request, question);
        PlanReport report = new PlanReport(solution.plan(), tokensPerWord());
        if (options.json()) {
            Json.print(console, Json.object("unknown", solution.question().unknown().key(), "value", solution.value(),
                    "unit", solution.question().unknown().unit().base(), "binding", solution.binding().words(),
                    "goals", solution.slacks().stream().map(slack -> Json.object("goal", slack.goal().words(), "reached", slack.reached(),
                            "room", slack.room())).toList(), "plan", report.json()));
        } else {
            console.out().println(solution.words());
            console.out().println();
            report.screen().forEach(console.out()::println);
        }
        return ExitCode.DONE;
    }

    private int plan(Catalogue catalogue) {
        PlanReport report = new PlanReport(options.checked(() -> Planner.plan(flags.request(catalogue))), tokensPerWord());
        if (options.json()) {
            Json.print(console, report.json());
        } else {
            report.screen().forEach(console.out()::println);
        }
        return ExitCode.DONE;
    }
}
