package dev.ondine.cli;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.FinishReason;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
    "  git diff | ondine run -m model.gguf --prompt-file - --json",
    "  ondine run -m model.gguf --schema person.schema.json \"Ada Lovelace was born in 1815.\""})
final class RunCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options;

    @Mixin
    private PromptFlags promptFlags;

    @Mixin
    private SamplingFlags sampling;

    @Mixin
    private TermsFlags terms;

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

    @Option(names = "--schema", paramLabel = "FILE", description = "Hold the answer to JSON that meets the JSON schema in this file.")
    private Path schema;

    @Option(names = "--stats", description = "Show speed on standard error (default: on a terminal only).")
    private boolean stats;

    @Option(names = {"-v", "--verbose"}, description = "Show on standard error how the model runs.")
    private boolean verbose;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        promptFlags.requireOne(options, console);
        SamplingOptions picking = options.checked(() -> sampling.options(options.isEmbedded()));
        int most = maxTokens == null ? Integer.MAX_VALUE : options.atLeast(0, "-n", maxTokens);
        requireStops();
        try (AnsweringModel model = AnsweringModel.open(options, console); Interruption interruption = new Interruption()) {
            if (verbose) {
                console.say("kernels: " + model.model().kernels());
            }
            TaskBuilder task = prompted(model).sampling(picking).maxTokens(most).terms(terms.terms(most));
            stops.forEach(task::stop);
            if (schema != null) {
                task.schema(Json.object(schema));
            }
            report(model, answer(model, task, interruption), picking.seed());
            console.flush();
            return interruption.isRequested() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    private void requireStops() {
        if (stops.stream().anyMatch(String::isEmpty)) {
            throw options.wrongUse("a stop string is empty, expected at least one character");
        }
    }

    private TaskBuilder prompted(AnsweringModel model) {
        if (promptFlags.tokens() != null) {
            return model.task().prompt(promptFlags.tokens());
        }
        String text = promptFlags.text(console);
        if (raw) {
            return model.task().prompt(text, special);
        }
        if (text.isBlank()) {
            throw options.wrongUse("the prompt is empty");
        }
        TaskBuilder task = system == null ? model.task() : model.task().system(system);
        // The end of the last line belongs to the file or the pipe, not to what is said.
        return task.user(text.stripTrailing());
    }

    /** What came out. @param asked when the prompt was handed over */
    private record Reply(Answer answer, int[] prompt, Instant asked) {

        TaskResult.Timings timings() {
            return answer.result().timings();
        }

        double promptTokensPerSecond() {
            return timings().promptTokensPerSecond(answer.promptTokens() - answer.cachedPromptTokens());
        }

        double tokensPerSecond() {
            return timings().tokensPerSecond(answer.answerTokens());
        }

        /** From the start of the process. Asking for that costs milliseconds, so only those do who show it. */
        Duration timeToFirstToken() {
            Instant start = ProcessHandle.current().info().startInstant().orElse(asked);
            return Duration.between(start, asked).plus(timings().firstToken());
        }
    }

    private Reply answer(AnsweringModel model, TaskBuilder described, Interruption interruption) {
        Instant asked = Instant.now();
        try (OndineTask task = described.start()) {
            interruption.stopsBy(task::cancel);
            if (promptFlags.tokens() == null && !raw) {
                model.requireTemplate();
            }
            return new Reply(AnsweringModel.read(task, piece -> options.json() || console.stream(piece)), task.prompt(), asked);
        }
    }

    private void report(AnsweringModel model, Reply reply, long seed) {
        if (options.json()) {
            Json.print(console, json(model, reply, seed));
            return;
        }
        console.out().println();
        console.out().flush();
        if (stats || console.errorIsTerminal()) {
            console.say(statistics(reply));
        }
    }

    private static String statistics(Reply reply) {
        Answer answer = reply.answer;
        return "[%d tokens at %.1f/s, prompt of %d at %.1f/s, first token after %d ms%s]".formatted(
                answer.answerTokens(), reply.tokensPerSecond(), answer.promptTokens(), reply.promptTokensPerSecond(),
                reply.timeToFirstToken().toMillis(), switch (answer.finishReason()) {
                    case STOP -> "";
                    case LENGTH -> "; cut by -n";
                    case CONTEXT -> "; the context is full, -c makes it longer";
                    case CANCELLED -> "; interrupted";
                    case BUDGET -> "; its budget is used up";
                    case FAILED -> "; failed";
                });
    }

    private static Map<String, Object> json(AnsweringModel model, Reply reply, long seed) {
        TaskResult result = reply.answer.result();
        TaskResult.Timings timings = result.timings();
        return Json.object("model", model.name(), "prompt_tokens", reply.prompt, "tokens", result.tokens(),
                "text", result.text(), "finish_reason", finishReason(result.finishReason()), "seed", seed,
                "timings", Json.object("load_ms", millis(model.loadTime()), "prompt_ms", millis(timings.firstToken()),
                        "generate_ms", millis(timings.total().minus(timings.firstToken())),
                        "prompt_tokens_per_second", reply.promptTokensPerSecond(),
                        "tokens_per_second", reply.tokensPerSecond(), "ttft_ms", millis(reply.timeToFirstToken())));
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
