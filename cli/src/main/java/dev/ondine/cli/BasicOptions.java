package dev.ondine.cli;

import dev.ondine.tensor.WorkerTeam;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command takes. */
class BasicOptions {

    /** More than the processors of the largest machines. */
    private static final int MOST_THREADS = 1_024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = {"-t", "--threads"}, paramLabel = "N", description = "Compute threads (default: one per core).")
    private Integer threads;

    @Option(names = "--json", description = "Print one JSON object on standard output, and nothing else there.")
    private boolean json;

    @Option(names = "--stacktrace", description = "Show where in the program a failure happened.")
    private boolean stacktrace;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    boolean json() {
        return json;
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
