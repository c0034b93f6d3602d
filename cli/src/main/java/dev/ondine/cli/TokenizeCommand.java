package dev.ondine.cli;

import dev.ondine.files.GgufFile;
import dev.ondine.text.Tokenizer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the tokens of a text. */
@Command(name = "tokenize", header = "Show the tokens of a text.", footerHeading = "%nExamples:%n", footer = {
    "  ondine tokenize \"Hello, world\"",
    "  ondine tokenize -m model.gguf --special \"<|im_start|>user\" --json",
    "  ondine tokenize -m model.gguf --file book.txt --json"})
final class TokenizeCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The text.")
    private String text;

    @Option(names = "--file", paramLabel = "FILE", description = "Read the text from a file, - for standard input.")
    private String file;

    @Option(names = "--special", description = "Control tokens written in the text count as such (default: they are plain text).")
    private boolean special;

    @Option(names = "--add-bos",
            description = "Put the begin token in front, if the file says that this model wants it (default: the tokens of the "
                    + "text alone).")
    private boolean addBegin;

    TokenizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if ((text == null) == (file == null)) {
            throw options.wrongUse("expected either a text or --file");
        }
        String input = text != null ? text : InputFile.text(file, console);
        try (GgufFile model = options.openFile()) {
            Tokenizer tokenizer = Tokenizer.of(model.metadata());
            int[] tokens = addBegin ? tokenizer.encodePrompt(input, special) : tokenizer.encode(input, special);
            List<String> pieces = IntStream.of(tokens).mapToObj(tokenizer.vocabulary()::piece).toList();
            show(tokens, pieces);
        }
        return ExitCode.DONE;
    }

    private void show(int[] tokens, List<String> pieces) {
        if (options.json()) {
            Json.print(console, Json.object("tokens", tokens, "pieces", pieces));
            return;
        }
        for (int i = 0; i < tokens.length; i++) {
            console.out().println("%7d  %s".formatted(tokens[i], Display.quoted(pieces.get(i))));
        }
    }
}
