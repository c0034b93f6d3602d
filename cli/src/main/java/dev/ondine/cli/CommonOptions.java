package dev.ondine.cli;

import dev.ondine.files.GgufFile;
import dev.ondine.pebble.Pebble;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command takes. */
final class CommonOptions {

    /** More than the processors of the largest machines. */
    private static final int MOST_THREADS = 1_024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", description = "GGUF file (default: the embedded model, pebble).")
    private Path model;

    @Option(names = {"-t", "--threads"}, paramLabel = "N", description = "Compute threads (default: one per core).")
    private Integer threads;

    @Option(names = "--kernels", paramLabel = "KIND", defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private KernelChoice kernels;

    @Option(names = {"-c", "--context"}, paramLabel = "N",
            description = "Most tokens of prompt and answer together (default: what the model was trained for).")
    private Integer context;

    @Option(names = "--json", description = "Print one JSON object on standard output, and nothing else there.")
    private boolean json;

    @Option(names = "--stacktrace", description = "Show where in the program a failure happened.")
    private boolean stacktrace;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    boolean json() {
        return json;
    }

    boolean isEmbedded() {
        return model == null;
    }

    /** Names the model file in another way than {@code -m}. */
    void model(Path file) {
        if (model != null) {
            throw wrongUse("the file is given twice, as an argument and with -m");
        }
        model = file;
    }

    /** The model file, or the embedded one; the caller closes it. */
    GgufFile openFile() {
        if (model != null) {
            return GgufFile.open(model);
        }
        try (InputStream bytes = Pebble.open()) {
            return GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KernelChoice kernels() {
        return kernels;
    }

    WorkerTeam newTeam() {
        return new WorkerTeam(threads());
    }

    int threads() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw wrongUse("--threads is %d, expected 1 to %d".formatted(threads, MOST_THREADS));
        }
        return threads;
    }

    /** What {@code -c} says, or else the fallback. */
    int context(int fallback) {
        return context == null ? fallback : atLeastOne("--context", context);
    }

    int atLeastOne(String option, int value) {
        return atLeast(1, option, value);
    }

    int atLeast(int least, String option, int value) {
        if (value < least) {
            throw wrongUse("%s is %d, expected %d or more".formatted(option, value, least));
        }
        return value;
    }

    void require(String option, Object value) {
        if (value == null) {
            throw wrongUse(option + " is missing");
        }
    }

    /** What options make; a value outside its range is wrong use. */
    <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw wrongUse(e.getMessage());
        }
    }

    /** The command was called in a wrong way; ends it with exit code 2. */
    ParameterException wrongUse(String problem) {
        return new ParameterException(command.commandLine(), problem);
    }
}
