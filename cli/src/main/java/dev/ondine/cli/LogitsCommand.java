package dev.ondine.cli;

import dev.ondine.engine.Logits;
import dev.ondine.engine.Runner;
import dev.ondine.models.SequenceState;
import dev.ondine.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the scores of the token that comes next. */
@Command(name = "logits", header = "Show the scores of all tokens that may come next.",
        description = {"%nWith --json all scores in the order of token ids, otherwise the ten highest.",
            "Scores that are not finite numbers appear as null in JSON.%n"},
        footerHeading = "%nExamples:%n", footer = {
            "  ondine logits --tokens 2808,283,198",
            "  ondine logits -m model.gguf --tokens 1,2,3 --json"})
final class LogitsCommand implements Callable<Integer> {

    private static final int SHOWN = 10;

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Option(names = "--tokens", paramLabel = "ID", split = ",",
            description = "Token ids of the text before, with commas between them (required).")
    private int[] tokens;

    LogitsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.require("--tokens", tokens);
        try (OpenedModel model = OpenedModel.open(options, console)) {
            Logits logits = last(model.runner());
            if (options.json()) {
                Json.print(console, Json.object("logits", finite(logits)));
            } else {
                showHighest(logits, model.tokenizer().vocabulary());
            }
        }
        return ExitCode.DONE;
    }

    private Logits last(Runner runner) {
        runner.requireReadable(tokens);
        try (SequenceState state = runner.newSequence()) {
            for (int next = 0; next < tokens.length; ) {
                next = runner.read(state, tokens, next);
            }
        }
        return new Logits(runner.model().facts().vocabSize()).copyFrom(runner.logits(), 0);
    }

    private static List<Float> finite(Logits logits) {
        List<Float> values = new ArrayList<>(logits.vocabSize());
        for (int token = 0; token < logits.vocabSize(); token++) {
            values.add(Float.isFinite(logits.get(token)) ? logits.get(token) : null);
        }
        return values;
    }

    private void showHighest(Logits logits, Vocabulary vocabulary) {
        IntStream.range(0, logits.vocabSize()).boxed()
                .sorted((a, b) -> Float.compare(logits.get(b), logits.get(a)))
                .limit(SHOWN)
                .forEach(token -> console.out().println("%7d  %10.4f  %s".formatted(
                        token, logits.get(token), Display.quoted(vocabulary.piece(token)))));
    }
}
