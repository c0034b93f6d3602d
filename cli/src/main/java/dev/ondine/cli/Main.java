package dev.ondine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command line of Ondine: finds the command, runs it, and turns what happened into an exit code and at most one line. */
@Command(name = "ondine", versionProvider = Main.Version.class,
        header = "Runs open-weight language models on this machine.",
        synopsisHeading = "%nUsage: ", commandListHeading = "%nCommands:%n",
        customSynopsis = "ondine COMMAND [OPTIONS]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ondine run \"Wake me at half past six\"     answer with the embedded model",
            "  ondine chat -m model.gguf                 talk with a model",
            "  ondine serve -m model.gguf                serve it to other programs",
            "  ondine COMMAND --help                     all options of a command"})
public final class Main {

    private static final List<String> COMMANDS =
            List.of("run", "chat", "serve", "info", "tokenize", "template", "logits", "bench", "plan", "replay", "synth", "doctor");

    private static final int HELP_WIDTH = 100;

    private final Console console;
    private final Failures failures;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the versions of Ondine and Java.")
    private boolean version;

    Main(Console console) {
        this.console = console;
        this.failures = new Failures(console);
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new Main(Console.ofProcess()).run(args));
    }

    int run(String... args) {
        int exitCode = guarded(args);
        console.flush();
        String loss = console.out().loss();
        return loss == null ? exitCode : failures.incomplete(loss);
    }

    private int guarded(String... args) {
        try {
            return execute(args);
        } catch (Error e) {
            // Out of memory, mostly; the library that runs the commands handles exceptions only.
            return failures.fail(e, Arrays.asList(args).contains("--stacktrace"));
        }
    }

    private int execute(String... args) {
        if (args.length > 0 && COMMANDS.contains(args[0])) {
            return commandLine(args[0]).execute(Arrays.copyOfRange(args, 1, args.length));
        }
        if (args.length > 0 && !args[0].startsWith("-")) {
            return failures.wrongUse("ondine", "there is no command " + Display.quoted(args[0]));
        }
        return wholeCommandLine().execute(args);
    }

    /** One command alone: the others cost start-up time. */
    private CommandLine commandLine(String name) {
        return configured(new CommandLine(command(name)).setCommandName("ondine " + name));
    }

    private CommandLine wholeCommandLine() {
        CommandLine line = new CommandLine(this);
        COMMANDS.forEach(name -> line.addSubcommand(name, command(name)));
        line.setExecutionStrategy(parsed -> {
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : missingCommand(line);
        });
        return configured(line);
    }

    private int missingCommand(CommandLine line) {
        line.usage(console.err());
        return ExitCode.WRONG_USE;
    }

    private CommandLine configured(CommandLine line) {
        return line.setUsageHelpWidth(HELP_WIDTH)
                .setOut(new PrintWriter(console.out(), true))
                .setErr(new PrintWriter(console.err(), true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    private Callable<Integer> command(String name) {
        return switch (name) {
            case "run" -> new RunCommand(console);
            case "chat" -> new ChatCommand(console);
            case "serve" -> new ServeCommand(console);
            case "info" -> new InfoCommand(console);
            case "tokenize" -> new TokenizeCommand(console);
            case "template" -> new TemplateCommand(console);
            case "logits" -> new LogitsCommand(console);
            case "bench" -> new BenchCommand(console);
            case "plan" -> new PlanCommand(console);
            case "replay" -> new ReplayCommand(console);
            case "synth" -> new SynthCommand(console);
            case "doctor" -> new DoctorCommand(console);
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    /** The versions of Ondine and of the Java that runs it. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"ondine " + ofOndine() + " (Java " + Runtime.version() + ")"};
        }

        static String ofOndine() {
            try (InputStream text = Main.class.getResourceAsStream("version.txt")) {
                return new String(text.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
