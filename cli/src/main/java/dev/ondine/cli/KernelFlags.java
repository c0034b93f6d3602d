package dev.ondine.cli;

import dev.ondine.api.OndineSettings;
import dev.ondine.api.start.ByteSize;
import dev.ondine.roofline.device.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how models and tasks share the machine. */
final class KernelFlags {

    @Option(names = "--step-bound", paramLabel = "TIME", converter = TimeSpan.class, defaultValue = "50ms",
            description = "How long a step may read prompts: an urgent task waits no longer (default: ${DEFAULT-VALUE}).")
    private Duration stepBound;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "64",
            description = "Most tasks that are in the middle of their answers (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(names = "--kv-memory", paramLabel = "SIZE",
            description = "Memory for the contexts of a model, such as 2GB (default: eight whole ones, as far as memory is free).")
    private String kvMemory;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory for all models together; those that nobody uses make room "
            + "for others (default: no limit).")
    private String memory;

    @Option(names = "--ttl", paramLabel = "TIME", converter = TimeSpan.class,
            description = "Take a model out of memory when nobody has used it so long, such as 10m (default: never).")
    private Duration timeToLive;

    @Option(names = "--state", paramLabel = "FOLDER", description = "Where durable tasks are kept, and what has no room in memory "
            + "(default: where the system keeps programs' state; none with --port 0).")
    private Path state;

    /** @throws IllegalArgumentException if something is outside its range */
    OndineSettings applied(OndineSettings settings, int queue, Console console) {
        OndineSettings applied = settings.withScheduler(settings.scheduler().bounded(stepBound).queueing(queue, parallel));
        applied = kvMemory == null ? applied : applied.withKvBytes(bytes("--kv-memory", kvMemory));
        applied = memory == null ? applied : applied.withMemoryBytes(bytes("--memory", memory));
        applied = timeToLive == null ? applied : applied.withTimeToLive(timeToLive);
        return calibrated(console).map(applied::withDevice).orElse(applied);
    }

    /** The folder that was asked for, or else one for each port: a server that starts again finds its own. */
    Optional<Path> state(Console console, int port) {
        return state != null ? Optional.of(state) : port == 0 ? Optional.empty() : Optional.of(StateHome.of(console).resolve("serve-" + port));
    }

    boolean isStateAsked() {
        return state != null;
    }

    private static long bytes(String option, String text) {
        return ByteSize.parse(text).orElseThrow(() -> new IllegalArgumentException(
                "%s is %s, expected a size such as 2GB or 500MiB".formatted(option, Display.quoted(text))));
    }

    private static Optional<Device> calibrated(Console console) {
        return UserCatalogue.open(console, null).devices().stream().filter(device -> device.id().equals(UserCatalogue.HERE)).findAny();
    }
}
