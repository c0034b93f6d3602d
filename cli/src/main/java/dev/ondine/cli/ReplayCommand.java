package dev.ondine.cli;

import dev.ondine.explorer.replay.ReplayReport;
import dev.ondine.explorer.replay.ReplayScenario;
import dev.ondine.explorer.replay.SimulatedReplay;
import dev.ondine.explorer.simulate.DesignCatalogue;
import dev.ondine.os.FirstComePolicy;
import dev.ondine.os.RoundRobinPolicy;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.SchedulingPolicy;
import dev.ondine.os.UrgencyPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays tasks to the scheduler: on a simulated device, or on this machine in real time. */
@Command(name = "replay", header = "Play a scenario of tasks to the scheduler, and show who waited how long.", sortOptions = false,
        description = {"%nOn a virtual clock it takes milliseconds and comes out the same every time; with --real it runs a model on this",
            "machine in real time, then simulates the same with the speed that was measured, and shows both.",
            "Scenarios are JSON files (docs/replay.md); mixed, flood and agents come with Ondine.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine replay mixed --load 2",
            "  ondine replay mixed --load 2 --policy fifo",
            "  ondine replay flood --real -m model.gguf --json"})
final class ReplayCommand implements Callable<Integer> {

    /** Ways to share a model. */
    enum Policy {
        FIFO(new FirstComePolicy()), ROUND_ROBIN(new RoundRobinPolicy()), URGENCY(new UrgencyPolicy());

        private final SchedulingPolicy policy;

        Policy(SchedulingPolicy policy) {
            this.policy = policy;
        }

        @Override
        public String toString() {
            return policy.name();
        }
    }

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Parameters(index = "0", paramLabel = "SCENARIO", arity = "0..1", description = "A file, or mixed, flood, agents.")
    private String name;

    @Option(names = "--real", description = "Run a model on this machine, in real time.")
    private boolean real;

    @Option(names = "--policy", paramLabel = "NAME", defaultValue = "urgency",
            description = "fifo, round-robin or urgency (default: ${DEFAULT-VALUE}).")
    private String policy;

    @Option(names = "--load", paramLabel = "X", defaultValue = "1",
            description = "Tasks come so many times as fast (default: ${DEFAULT-VALUE}).")
    private double load;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Equal seeds, equal tasks (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--step-bound", paramLabel = "MS", defaultValue = "50",
            description = "Longest step that reads prompts (default: ${DEFAULT-VALUE} ms).")
    private int stepMillis;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.require("SCENARIO", name);
        if (!(load > 0 && load <= 1000)) {
            throw options.wrongUse("--load is %s, expected more than 0, and at most 1000".formatted(load));
        }
        SchedulerSettings settings = SchedulerSettings.STANDARD.with(chosen())
                .bounded(Duration.ofMillis(options.atLeastOne("--step-bound", stepMillis)));
        ReplayScenario scenario = options.checked(() -> scenario(name));
        List<ReplayReport> reports = real ? new RealReplay(options, console).run(scenario, settings, load, seed)
                : List.of(SimulatedReplay.run(scenario, scenario.design().costs(DesignCatalogue.of(UserCatalogue.open(console, null)), 0),
                        SimulatedReplay.device(scenario), settings, load, seed));
        if (options.json()) {
            Json.print(console, reports.size() == 1 ? Json.parsed(reports.getFirst().json())
                    : Json.object("real", Json.parsed(reports.getFirst().json()), "simulated", Json.parsed(reports.getLast().json())));
        } else {
            reports.forEach(report -> console.out().println(report.drawn()));
        }
        return ExitCode.DONE;
    }

    private SchedulingPolicy chosen() {
        for (Policy one : Policy.values()) {
            if (one.toString().equals(policy)) {
                return one.policy;
            }
        }
        throw options.wrongUse("--policy is %s, expected fifo, round-robin or urgency".formatted(Display.quoted(policy)));
    }

    private static ReplayScenario scenario(String name) {
        try {
            return Files.exists(Path.of(name)) ? ReplayScenario.read(Path.of(name)) : ReplayScenario.example(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
