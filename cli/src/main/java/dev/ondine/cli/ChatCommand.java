package dev.ondine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation with a model. */
@Command(name = "chat", header = "Talk with a model.",
        description = "%nIn the chat, /help shows what else can be done.%n",
        footerHeading = "%nExamples:%n", footer = {
            "  ondine chat",
            "  ondine chat -m model.gguf --system \"Answer briefly.\"",
            "  ondine chat -m model.gguf < questions.txt"})
final class ChatCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Mixin
    private SamplingFlags sampling;

    @Mixin
    private TermsFlags terms;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private String system;

    @Option(names = "-n", paramLabel = "MAX",
            description = "Most tokens of an answer (default: until the model ends it or the context is full).")
    private Integer maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End an answer before this text; may be repeated.")
    private List<String> stops = List.of();

    @Option(names = "--schema", paramLabel = "FILE", description = "Hold answers to JSON that meets the JSON schema in this file.")
    private Path schema;

    ChatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        AnswerSettings settings = new AnswerSettings(sampling, options.isEmbedded(),
                maxTokens == null ? Integer.MAX_VALUE : options.atLeastOne("-n", maxTokens), stops, terms,
                schema == null ? null : Json.object(schema));
        options.checked(() -> {
            settings.requireSensible();
            return settings;
        });
        try (AnsweringModel model = AnsweringModel.open(options, console); LineSource lines = lines()) {
            console.say("kernels: " + model.model().kernels());
            model.requireTemplate();
            Dialogue dialogue = new Dialogue(model);
            dialogue.system(system);
            return new Chat(console, lines, model, dialogue, settings, options.json()).run() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private LineSource lines() {
        boolean isTerminal = console.inputIsTerminal() && console.outputIsTerminal() && !options.json();
        return isTerminal ? new TerminalLines(history(console), console.colours(true)) : new PipedLines(console.in());
    }

    /**
     * Where the lines typed are kept, by the <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG base
     * directories</a>; null, with a notice, where that cannot be written.
     */
    static Path history(Console console) {
        Path folder = StateHome.of(console);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            // What follows says so.
        }
        if (!Files.isWritable(folder)) {
            console.notice("the lines you type are not kept for the next chat, because " + folder + " cannot be written");
            return null;
        }
        return folder.resolve("chat-history");
    }
}
