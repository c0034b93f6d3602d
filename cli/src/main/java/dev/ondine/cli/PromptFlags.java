package dev.ondine.cli;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where {@code run} finds its prompt: words of the command line, a file, standard input, or token ids. */
final class PromptFlags {

    @Parameters(arity = "0..*", paramLabel = "PROMPT", description = "The prompt; without one, what is piped in.")
    private List<String> words = List.of();

    @Option(names = "--prompt-file", paramLabel = "FILE", description = "Read the prompt from a file, - for standard input.")
    private String file;

    @Option(names = "--prompt-tokens", paramLabel = "ID", split = ",",
            description = "The prompt as token ids with commas between them, exactly as given.")
    private int[] tokens;

    /** The ids given, or null where the prompt is text. */
    int[] tokens() {
        return tokens;
    }

    /** @throws picocli.CommandLine.ParameterException if there is not exactly one prompt */
    void requireOne(CommonOptions options, Console console) {
        int given = (words.isEmpty() ? 0 : 1) + (file == null ? 0 : 1) + (tokens == null ? 0 : 1);
        if (given > 1) {
            throw options.wrongUse("more than one prompt, expected words, --prompt-file or --prompt-tokens");
        }
        if (given == 0 && console.inputIsTerminal()) {
            throw options.wrongUse("no prompt; give one in quotation marks, or use chat");
        }
    }

    /** The text, character by character as given. */
    String text(Console console) {
        if (!words.isEmpty()) {
            return String.join(" ", words);
        }
        return InputFile.text(file == null ? "-" : file, console);
    }
}
