package dev.ondine.cli;

import dev.ondine.api.PromptFormat;
import dev.ondine.engine.Completion;
import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.Generator;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.engine.Sequence;
import dev.ondine.text.template.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers one prompt. */
@Command(name = "run", header = "Answer one prompt.",
        description = {"%nThe prompt goes through the model's chat template. A control token that is written in the prompt or the system",
            "message, such as <|im_end|>, is plain text to the model; only --raw --special reads it as a control token.%n"},
        footerHeading = "%nExamples:%n", footer = {
    "  ondine run \"Wake me at half past six\"",
    "  ondine run -m model.gguf --system \"Answer briefly.\" -n 200 \"Why is the sky blue?\"",
    "  ondine run -m model.gguf --raw --temperature 0 \"Once upon a time\"",
    "  git diff | ondine run -m model.gguf --prompt-file - --json"})
final class RunCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Mixin
    private PromptFlags promptFlags;

    @Mixin
    private SamplingFlags sampling;

    @Option(names = "--raw",
            description = "Give the model the prompt without its chat template; only the begin token is added, if the file says so.")
    private boolean raw;

    @Option(names = "--special", description = "With --raw: control tokens written in the prompt count as such.")
    private boolean special;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message before the prompt.")
    private String system;

    @Option(names = "-n", paramLabel = "MAX",
            description = "Most tokens of the answer (default: until the model ends it or the context is full).")
    private Integer maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text; may be repeated.")
    private List<String> stops = List.of();

    @Option(names = "--stats", description = "Show speed on standard error (default: on a terminal only).")
    private boolean stats;

    @Option(names = {"-v", "--verbose"}, description = "Show on standard error how the model runs.")
    private boolean verbose;

    private boolean unread;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        promptFlags.requireOne(options, console);
        SamplingOptions picking = options.checked(() -> sampling.options(options.isEmbedded()));
        int most = maxTokens == null ? Integer.MAX_VALUE : options.atLeast(0, "-n", maxTokens);
        try (OpenedModel model = OpenedModel.open(options, console); Interruption interruption = new Interruption()) {
            if (verbose) {
                console.say("kernels: " + model.kernels().description());
            }
            List<String> allStops = new ArrayList<>(stops);
            int[] prompt = prompt(model, allStops);
            GenerationOptions wanted = options.checked(() -> new GenerationOptions(most, picking, allStops));
            Answer answer = generate(model, prompt, wanted, interruption);
            report(model, answer, picking.seed());
            console.flush();
            return interruption.getAsBoolean() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    private int[] prompt(OpenedModel model, List<String> allStops) {
        if (promptFlags.tokens() != null) {
            return promptFlags.tokens();
        }
        String text = promptFlags.text(console);
        if (!raw && text.isBlank()) {
            throw options.wrongUse("the prompt is empty");
        }
        if (raw) {
            return model.tokenizer().encodePrompt(text, special);
        }
        PromptFormat format = model.format(console);
        allStops.addAll(format.stops());
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        // The end of the last line belongs to the file or the pipe, not to what is said.
        messages.add(Message.user(text.stripTrailing()));
        return format.prompt(messages);
    }

    /** What came out. @param asked when the prompt was handed over */
    private record Answer(Completion completion, Instant asked) {

        /** From the start of the process. Asking for that costs milliseconds, so only those do who show it. */
        Duration timeToFirstToken() {
            Instant start = ProcessHandle.current().info().startInstant().orElse(asked);
            return Duration.between(start, asked).plus(completion.timings().firstToken());
        }
    }

    private Answer generate(OpenedModel model, int[] prompt, GenerationOptions wanted, Interruption interruption) {
        try (Sequence sequence = new Sequence(model.runner())) {
            Instant asked = Instant.now();
            Completion completion = new Generator(model.runner(), model.tokenizer())
                    .generate(sequence, prompt, wanted, this::show, () -> unread || interruption.getAsBoolean());
            return new Answer(completion, asked);
        }
    }

    private void show(String piece) {
        if (!options.json()) {
            unread |= !console.stream(piece);
        }
    }

    private void report(OpenedModel model, Answer answer, long seed) {
        if (options.json()) {
            Json.print(console, json(model, answer, seed));
            return;
        }
        console.out().println();
        console.out().flush();
        if (stats || console.errorIsTerminal()) {
            console.say(statistics(answer));
        }
    }

    private static String statistics(Answer answer) {
        Completion.Timings timings = answer.completion.timings();
        return "[%d tokens at %.1f/s, prompt of %d at %.1f/s, first token after %d ms%s]".formatted(
                timings.generatedTokens(), timings.tokensPerSecond(), answer.completion.promptTokens().length,
                timings.promptTokensPerSecond(), answer.timeToFirstToken().toMillis(), switch (answer.completion.finishReason()) {
                    case STOP -> "";
                    case LENGTH -> "; cut by -n";
                    case CONTEXT -> "; the context is full, -c makes it longer";
                    case CANCELLED -> "; interrupted";
                    case BUDGET -> "; its budget is used up";
                    case FAILED -> "; failed";
                });
    }

    private static Map<String, Object> json(OpenedModel model, Answer answer, long seed) {
        Completion completion = answer.completion;
        Completion.Timings timings = completion.timings();
        return Json.object("model", model.name(), "prompt_tokens", completion.promptTokens(), "tokens", completion.tokens(),
                "text", completion.text(), "finish_reason", finishReason(completion.finishReason()), "seed", seed,
                "timings", Json.object("load_ms", millis(model.loadTime()), "prompt_ms", millis(timings.prompt()),
                        "generate_ms", millis(timings.generate()),
                        "prompt_tokens_per_second", timings.promptTokensPerSecond(),
                        "tokens_per_second", timings.tokensPerSecond(), "ttft_ms", millis(answer.timeToFirstToken())));
    }

    private static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH, CONTEXT, BUDGET -> "length";
            case CANCELLED -> "cancelled";
            case FAILED -> "failed";
        };
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1000 / 1e3;
    }
}
