package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.engine.FinishReason;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.models.CapacityException;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.Matrix;
import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks on the embedded model, through the kernel. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KernelTest {

    private static final String ALARM = "Wake me at half past six";
    private static final String CALL = "<tool_call>{\"name\": \"set_alarm\", \"arguments\": {\"time\": \"18:30\"}}</tool_call>";

    private static PebbleEngine pebble;

    @BeforeAll
    static void starts() {
        pebble = new PebbleEngine();
    }

    @AfterAll
    static void givesAllBack() {
        assertThat(pebble.heldBytes()).isZero();
        pebble.close();
    }

    private static Work.CompletionWork answer(String message, int maxTokens) {
        return new Work.CompletionWork(pebble.prompt(message), 0, PebbleEngine.greedy(maxTokens));
    }

    /** It goes on for ever, or nearly so. */
    private static Work.CompletionWork endless() {
        return new Work.CompletionWork(pebble.prompt("Tell me a story"), 0, PebbleEngine.greedy(200).ignoringEnd(true));
    }

    private static TaskResult result(TaskHandle handle) {
        return handle.result().join();
    }

    @Test
    void holdsAnAnswerToAGrammar() {
        try (Kernel kernel = PebbleEngine.kernel()) {
            GenerationOptions options = PebbleEngine.greedy(100).heldTo(Optional.of(Grammar.anyJsonObject()));
            TaskResult result = result(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(pebble.prompt(ALARM), 0, options)));

            GrammarMatcher matcher = Grammar.anyJsonObject().matcher();
            assertThat(matcher.accept(result.text())).as(result.text()).isTrue();
            assertThat(result.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
            assertThat(matcher.isComplete()).isEqualTo(result.finishReason() == FinishReason.STOP);
        }
    }

    @Test
    void failsWhereGrammarAndBiasLeaveNothing() {
        Map<Integer, Float> bans = new java.util.HashMap<>();
        for (int token = 0; token < pebble.tokenizer().vocabulary().size(); token++) {
            bans.put(token, Float.NEGATIVE_INFINITY);
        }
        SamplingOptions nothing = new SamplingOptions(0, 0, 1, 0, 1, 1, 0, 0, 64, bans, 0);
        GenerationOptions options = new GenerationOptions(20, nothing, List.of()).heldTo(Optional.of(Grammar.anyJsonObject()));
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle bad = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(pebble.prompt(ALARM), 0, options));
            TaskHandle good = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60));

            assertThat(result(bad).finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(result(bad).problem()).contains("grammar");
            assertThat(result(good).text()).isEqualTo(CALL);
        }
    }

    @Test
    void embedsATextAsItsTokensEnd() {
        int[] text = pebble.tokenizer().encode("An alarm clock wakes people who would rather sleep on, day after day", false);
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle company = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60));
            TaskHandle mean = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.EmbeddingWork(text, Work.Pooling.MEAN));
            TaskHandle last = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.EmbeddingWork(text, Work.Pooling.LAST));
            TaskHandle again = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.EmbeddingWork(text, Work.Pooling.MEAN));

            assertThat(result(company).text()).isEqualTo(CALL);
            assertThat(result(mean).finishReason()).isEqualTo(FinishReason.STOP);
            float[] found = result(mean).embedding();
            float[] foundLast = result(last).embedding();
            assertThat(result(again).embedding()).isEqualTo(found);
            kernel.close(Duration.ZERO);
            assertNear(found, embedding(text, 0));
            assertNear(foundLast, embedding(text, text.length - 1));
        }
    }

    /** The mean of the vectors from a token on, by the engine alone. */
    private static double[] embedding(int[] text, int from) {
        try (SequenceState sequence = pebble.runner().newSequence()) {
            for (int index = 0; index < text.length; index++) {
                pebble.runner().addForEmbedding(sequence, text[index]);
            }
            pebble.runner().run();
            Matrix vectors = pebble.runner().embeddings();
            double[] sum = new double[vectors.columns()];
            for (int row = from; row < text.length; row++) {
                for (int channel = 0; channel < sum.length; channel++) {
                    sum[channel] += vectors.get(row, channel);
                }
            }
            double length = Math.sqrt(Arrays.stream(sum).map(value -> value * value).sum());
            return Arrays.stream(sum).map(value -> value / length).toArray();
        }
    }

    private static void assertNear(float[] found, double[] expected) {
        assertThat(found).hasSize(expected.length);
        for (int channel = 0; channel < found.length; channel++) {
            assertThat((double) found[channel]).isCloseTo(expected[channel], within(1e-4));
        }
    }

    /** The prompt has more tokens than a step gives rows of logits, and the second task finds it in the cache. */
    @Test
    void tellsHowLikelyAPromptIs() throws InterruptedException {
        int[] prompt = pebble.prompt("What is the weather like in Oslo today, and will it rain tomorrow morning?");
        GenerationOptions options = PebbleEngine.greedy(2).withScores(3).withPromptScores(true);
        try (Kernel kernel = PebbleEngine.kernel()) {
            kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.CompletionWork(prompt, 0, PebbleEngine.greedy(4))).result().join();
            TaskHandle handle = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, new Work.CompletionWork(prompt, 0, options));
            List<GeneratedToken> scored = promptScores(handle);

            assertThat(scored.stream().mapToInt(GeneratedToken::token).toArray()).isEqualTo(prompt);
            assertThat(scored.getFirst().likeliest()).isEmpty();
            kernel.close(Duration.ZERO);
            assertThat(prompt.length).isGreaterThan(2 * PebbleEngine.LOGITS_ROWS);
            try (SequenceState sequence = pebble.runner().newSequence()) {
                for (int index = 0; index + 1 < prompt.length; index++) {
                    pebble.runner().add(sequence, prompt[index], true);
                    Matrix logits = pebble.runner().run();
                    GeneratedToken next = scored.get(index + 1);
                    assertThat((double) next.score()).as("token %d", index + 1).isCloseTo(score(logits, prompt[index + 1]), within(1e-3));
                    assertThat(next.likeliest()).hasSize(3);
                    assertThat((double) next.likeliest().getFirst().logProbability())
                            .isCloseTo(score(logits, next.likeliest().getFirst().token()), within(1e-3));
                }
            }
        }
    }

    private static List<GeneratedToken> promptScores(TaskHandle handle) throws InterruptedException {
        List<GeneratedToken> scored = new ArrayList<>();
        while (true) {
            switch (handle.next()) {
                case TaskHandle.Event.PromptScores(var tokens) -> scored.addAll(tokens);
                case TaskHandle.Event.Done _ -> {
                    return scored;
                }
                default -> { }
            }
        }
    }

    private static double score(Matrix logits, int token) {
        double sum = IntStream.range(0, logits.columns()).mapToDouble(each -> Math.exp(logits.get(0, each))).sum();
        return logits.get(0, token) - Math.log(sum);
    }

    @Test
    void goesOnWithWhatAToolSays() throws InterruptedException {
        int[] prompt = pebble.prompt(ALARM);
        int[] more = pebble.tokenizer().encode("<|im_end|>\n<|im_start|>user\nThanks, and now Oslo<|im_end|>\n<|im_start|>assistant\n", true);
        List<StepRecord> steps = new ArrayList<>();
        try (Kernel kernel = PebbleEngine.kernel()) {
            kernel.watch(steps::add);
            TaskHandle handle = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(prompt, 0, PebbleEngine.greedy(60), true));
            awaitAnswer(handle);
            TaskView blocked = kernel.task(handle.id()).orElseThrow();
            assertThat(blocked.state()).isEqualTo(TaskState.BLOCKED);
            assertThatThrownBy(() -> handle.continueWith(new int[PebbleEngine.CONTEXT])).isInstanceOf(CapacityException.class);
            assertThatThrownBy(() -> handle.continueWith(new int[0])).isInstanceOf(IllegalArgumentException.class);
            int before = kernel.tasks().size() + steps.size();
            assertThat(handle.continueWith(more)).isTrue();
            awaitAnswer(handle);
            handle.finish();
            TaskResult both = result(handle);
            int read = steps.subList(before - 1, steps.size()).stream().mapToInt(StepRecord::prefillTokens).sum();

            assertThat(both.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(both.text()).startsWith(CALL);
            assertThat(both.promptTokens()).isEqualTo(prompt.length + more.length);
            assertThat(read).isLessThanOrEqualTo(more.length + 1);
            int[] first = IntStream.range(0, both.tokens().length).filter(index -> ends(both.tokens()[index])).limit(1)
                    .mapToObj(index -> Arrays.copyOf(both.tokens(), index + 1)).findFirst().orElseThrow();
            int[] whole = IntStream.of(prompt.length, first.length, more.length).sum() == 0 ? prompt : concat(prompt, first, more);
            TaskResult alone = result(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(whole, 0, PebbleEngine.greedy(60 - first.length))));
            assertThat(concat(first, alone.tokens())).isEqualTo(both.tokens());
        }
    }

    private static boolean ends(int token) {
        return pebble.tokenizer().vocabulary().endsGeneration(token);
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static void awaitAnswer(TaskHandle handle) throws InterruptedException {
        while (!(handle.next() instanceof TaskHandle.Event.Answered)) {
            assertThat(handle.result()).isNotDone();
        }
    }

    @Test
    void endsTasksWhereverTheyAre() throws InterruptedException {
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle running = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, endless());
            while (!(running.next() instanceof TaskHandle.Event.Token)) {
                assertThat(running.result()).isNotDone();
            }
            TaskHandle paused = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, endless());
            kernel.pause(paused.id());
            TaskHandle blocked = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND,
                    new Work.CompletionWork(pebble.prompt(ALARM), 0, PebbleEngine.greedy(60), true));
            awaitAnswer(blocked);
            TaskHandle waiting = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND.after(Set.of(running.id())), answer(ALARM, 60));
            long stepsBefore = kernel.stats().steps();
            assertThat(waiting.result()).isNotDone();

            for (TaskHandle task : List.of(paused, blocked, running)) {
                assertThat(kernel.cancel(task.id())).isTrue();
                assertThat(task.result()).as("cancelled at once").isDone();
                assertThat(result(task).finishReason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(kernel.cancel(task.id())).isFalse();
            }
            assertThat(stepsBefore).isPositive();
            assertThat(result(waiting).text()).isEqualTo(CALL);
            assertThat(kernel.tasks()).isEmpty();
        }
    }

    @Test
    void keepsAPausedTaskUntilItIsResumed() throws InterruptedException {
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle paused = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60));
            assertThat(kernel.pause(paused.id())).isTrue();
            TaskHandle other = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer("Hello", 30));
            result(other);
            int generated = kernel.task(paused.id()).orElseThrow().generated();
            result(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer("Hello again", 30)));

            assertThat(kernel.task(paused.id()).orElseThrow().isPaused()).isTrue();
            assertThat(kernel.task(paused.id()).orElseThrow().generated()).isEqualTo(generated);
            assertThat(kernel.reprioritise(paused.id(), PriorityClass.BACKGROUND)).isTrue();
            assertThat(kernel.task(paused.id()).orElseThrow().terms().priority()).isEqualTo(PriorityClass.BACKGROUND);
            assertThat(kernel.resume(paused.id())).isTrue();
            assertThat(result(paused).text()).isEqualTo(CALL);
        }
    }

    @Test
    void remembersWhatEnded() {
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle handle = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND.ofApp("clock"), answer(ALARM, 60));
            assertThat(kernel.result(handle.id() + 1)).isEmpty();
            TaskResult result = result(handle);

            assertThat(kernel.result(handle.id())).contains(result);
            TaskView view = kernel.task(handle.id()).orElseThrow();
            assertThat(view.state()).isEqualTo(TaskState.DONE);
            assertThat(view.terms().app()).isEqualTo("clock");
            assertThat(view.generated()).isEqualTo(result.tokens().length);
            assertThat(kernel.forget(handle.id())).isTrue();
            assertThat(kernel.result(handle.id())).isEmpty();
            assertThat(kernel.forget(handle.id())).isFalse();
        }
    }

    @Test
    void remembersNoMoreThanItMay() {
        KernelSettings settings = new KernelSettings(Map.of(), AppQuota.UNLIMITED, 2, Optional.empty());
        try (Kernel kernel = new Kernel(new UrgencyPolicy(), SchedulerSettings.STANDARD, settings)) {
            List<Long> ids = IntStream.range(0, 3).mapToObj(_ -> {
                TaskHandle handle = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer("Hi", 1));
                result(handle);
                return handle.id();
            }).toList();
            assertThat(ids.stream().map(id -> kernel.result(id).isPresent())).containsExactly(false, true, true);
        }
    }

    @Test
    void refusesWhatAnAppMayNotAskFor() {
        AppQuota quota = new AppQuota(1, 1000, Duration.ofSeconds(30), PriorityClass.NORMAL, 1);
        KernelSettings settings = new KernelSettings(Map.of("trusted", AppQuota.UNLIMITED), quota, 2, Optional.empty());
        try (Kernel kernel = new Kernel(new UrgencyPolicy(), SchedulerSettings.STANDARD, settings)) {
            TaskTerms normal = TaskTerms.FOREGROUND.ofApp("guest").with(PriorityClass.NORMAL);
            TaskHandle first = kernel.submit(pebble.engine(), normal, endless());
            assertRefused(kernel, normal.with(PriorityClass.FOREGROUND));
            assertRefused(kernel, normal);
            assertThatThrownBy(() -> kernel.reprioritise(first.id(), PriorityClass.INTERRUPT)).isInstanceOf(RefusedException.class);
            assertThat(kernel.tasks()).hasSize(1);
            TaskHandle other = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND.ofApp("trusted"), answer(ALARM, 60));
            assertThat(result(other).text()).isEqualTo(CALL);
            first.cancel();
            assertThat(result(kernel.submit(pebble.engine(), normal, answer(ALARM, 60))).text()).isEqualTo(CALL);
        }
    }

    private static void assertRefused(Kernel kernel, TaskTerms terms) {
        assertThatThrownBy(() -> kernel.submit(pebble.engine(), terms, answer(ALARM, 60)))
                .isInstanceOfSatisfying(RefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.QUOTA));
    }

    @Test
    void letsTasksEndWhenItCloses() throws InterruptedException {
        Kernel kernel = PebbleEngine.kernel();
        TaskHandle shortOne = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60));
        Thread closing = Thread.ofVirtual().start(() -> kernel.close(Duration.ofMinutes(2)));
        assertThat(result(shortOne).text()).isEqualTo(CALL);
        closing.join();
        assertThatThrownBy(() -> kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60)))
                .isInstanceOfSatisfying(RefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.CLOSED));
        assertThat(kernel.tasks()).isEmpty();
        assertThat(kernel.cancel(shortOne.id())).isFalse();
        assertThat(kernel.result(shortOne.id())).isPresent();
    }

    @Test
    void endsWhatIsLeftWhenTheGraceIsOver() {
        Kernel kernel = PebbleEngine.kernel();
        TaskHandle paused = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60));
        kernel.pause(paused.id());
        kernel.close(Duration.ofMillis(50));
        assertThat(result(paused).finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result(paused).problem()).contains("closed");
    }

    @Test
    void goesOnWithoutAWatcherThatFails() {
        try (Kernel kernel = PebbleEngine.kernel()) {
            List<StepRecord> steps = new ArrayList<>();
            kernel.watch(_ -> {
                throw new IllegalStateException("a watcher that fails");
            });
            kernel.watch(steps::add);
            assertThat(result(kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, answer(ALARM, 60))).text()).isEqualTo(CALL);
            assertThat(steps).isNotEmpty();
        }
    }

    @Test
    void endsTheTasksOfAModelThatIsUnloaded() {
        try (Kernel kernel = PebbleEngine.kernel()) {
            TaskHandle task = kernel.submit(pebble.engine(), TaskTerms.FOREGROUND, endless());
            kernel.retire(pebble.engine(), "the model was unloaded");
            assertThat(result(task).finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(result(task).problem()).isEqualTo("the model was unloaded");
        }
    }
}
