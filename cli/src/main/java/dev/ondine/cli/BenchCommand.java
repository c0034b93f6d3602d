package dev.ondine.cli;

import dev.ondine.kernels.machine.MachineRoofs;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.models.CapacityException;
import dev.ondine.tensor.WorkerTeam;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast a model runs. */
@Command(name = "bench", header = "Measure how fast a model reads prompts and decodes.",
        description = {"%nEach test runs once to warm up and then as often as -r says. MBU is the share of the memory roof",
            "that decoding reaches: bytes of weights and KV cache read per second, divided by what a plain",
            "streaming read of all threads reaches in the same run. Weights count with their bytes in the",
            "file; kernels that pack them read up to 1 %% more.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine bench",
            "  ondine bench --roof",
            "  ondine bench -m model.gguf -p 512 -n 128 -r 3",
            "  ondine bench -m model.gguf -p 0 -n 64 -b 1,4,8 -d 1024 --json"})
final class BenchCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Option(names = "-p", paramLabel = "N", defaultValue = "512",
            description = "Tokens of the prompt test, 0 for none (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "-n", paramLabel = "N", defaultValue = "128",
            description = "Tokens of the decode test, 0 for none (default: ${DEFAULT-VALUE}).")
    private int generated;

    @Option(names = "-d", paramLabel = "DEPTH", defaultValue = "0",
            description = "Tokens in the cache before each test (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(names = "-b", paramLabel = "BATCH", split = ",", defaultValue = "1",
            description = "Sequences that decode together, with commas between several numbers (default: ${DEFAULT-VALUE}).")
    private int[] batches;

    @Option(names = "-r", paramLabel = "N", defaultValue = "5", description = "Repetitions (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(names = "--roof", description = "Measure the machine instead of a model: what memory and processor could do at most.")
    private boolean roof;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (roof) {
            measureRoofs();
            return ExitCode.DONE;
        }
        options.atLeast(0, "-p", prompt);
        options.atLeast(0, "-n", generated);
        options.atLeast(0, "-d", depth);
        options.atLeastOne("-r", repetitions);
        for (int batch : batches) {
            options.atLeastOne("-b", batch);
        }
        try (OpenedModel model = OpenedModel.open(options, IntStream.of(batches).max().orElse(1), console)) {
            console.say("kernels: " + model.kernels().description());
            model.settle();
            BenchReport report = measure(model);
            if (options.json()) {
                Json.print(console, report.json());
            } else {
                report.table().forEach(console.out()::println);
                console.out().println("memory roof: %s/s".formatted(Display.bytes(report.roofBytesPerSecond())));
            }
        }
        return ExitCode.DONE;
    }

    private void measureRoofs() {
        Processor processor = Processor.of(Machine.HOST);
        try (WorkerTeam team = options.newTeam(); MachineRoofs roofs = new MachineRoofs(Machine.HOST, processor, team)) {
            RoofReport report = RoofReport.measure(roofs, processor, team.size());
            if (options.json()) {
                Json.print(console, report.json());
            } else {
                console.out().println(processor.name());
                report.table().forEach(console.out()::println);
            }
        }
    }

    private BenchReport measure(OpenedModel model) {
        List<BenchCase> tests = tests(model);
        double roof = MemoryRoof.bytesPerSecond(model.team());
        List<BenchReport.Line> lines = new ArrayList<>();
        for (BenchCase test : tests) {
            lines.add(new BenchReport.Line(test, test.run(model.runner(), repetitions)));
        }
        return new BenchReport(model.name(), ModelSummary.of(model.file()), model.runner().model().facts().kvLayout(),
                model.team().size(), model.kernelKind(), roof, lines);
    }

    private List<BenchCase> tests(OpenedModel model) {
        int room = model.runner().contextLength() - depth;
        List<BenchCase> tests = new ArrayList<>();
        if (prompt > 0) {
            tests.add(new BenchCase(capped("-p", prompt, room), 0, depth, 1));
        }
        if (generated > 0) {
            for (int batch : batches) {
                tests.add(new BenchCase(0, capped("-n", generated, room), depth, batch));
            }
        }
        return tests;
    }

    private int capped(String option, int wanted, int room) {
        if (room < 1) {
            throw new CapacityException("a depth of %d leaves no room in the context; ask for a longer one".formatted(depth));
        }
        if (wanted > room) {
            console.notice("%s is %d, as many as fit the context, instead of %d".formatted(option, room, wanted));
        }
        return Math.min(wanted, room);
    }
}
