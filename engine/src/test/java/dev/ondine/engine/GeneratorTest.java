package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.models.CapacityException;
import dev.ondine.models.LoadedModel;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text in, text out, on tiny random models. */
class GeneratorTest {

    private static final Consumer<String> NOBODY = _ -> { };

    @TempDir
    Path folder;

    /** A tiny model with all that generation needs. */
    private record Bench(Tokenizer tokenizer, Runner runner) {

        Completion complete(int[] prompt, GenerationOptions options) {
            try (Sequence sequence = new Sequence(runner)) {
                return complete(sequence, prompt, options);
            }
        }

        Completion complete(Sequence sequence, int[] prompt, GenerationOptions options) {
            return new Generator(runner, tokenizer).generate(sequence, prompt, options, NOBODY, () -> false);
        }

        int[] encode(String text) {
            return tokenizer.encode(text, true);
        }
    }

    private void with(RandomModel model, int threads, Function<WorkerTeam, Kernels> kernels, Consumer<Bench> check) {
        Path path = model.write(folder.resolve("tiny.gguf"));
        try (GgufFile file = GgufFile.open(path);
             WorkerTeam team = new WorkerTeam(threads);
             LoadedModel loaded = LoadedModel.of(file, kernels.apply(team), 32);
             Runner runner = new Runner(loaded, 128, 2, 32, 4)) {
            check.accept(new Bench(Tokenizer.of(file.metadata()), runner));
            assertThat(runner.cache().usedBytes()).isZero();
        }
    }

    private void withTiny(Consumer<Bench> check) {
        with(RandomModel.tiny("llama", NumberFormat.Q8_0), 1, ScalarKernels::new, check);
    }

    private static GenerationOptions greedy(int maxTokens, String... stop) {
        return new GenerationOptions(maxTokens, SamplingOptions.GREEDY, List.of(stop));
    }

    /** Greedy, but never the token that ends a text. */
    private static GenerationOptions withoutEnd(int maxTokens) {
        return new GenerationOptions(maxTokens, new SamplingOptions(0, 0, 1, 0, 1, 1, 0, 0, 64, Map.of(287, -100f), 0), List.of());
    }

    private static GenerationOptions sampled(int maxTokens, long seed) {
        return new GenerationOptions(maxTokens, new SamplingOptions(1.2f, 40, 0.95f, 0.01f, 1, 1.1f, 0, 0, 64, Map.of(), seed), List.of());
    }

    static Stream<RandomModel> everyArchitectureAndFormat() {
        Stream<RandomModel> architectures = RandomModel.ARCHITECTURES.stream().map(name -> RandomModel.tiny(name, NumberFormat.F32));
        Stream<RandomModel> formats = Stream.of(NumberFormat.values()).filter(NumberFormat::isDecodable)
                .map(format -> RandomModel.tiny("llama", format));
        return Stream.concat(architectures, formats);
    }

    @ParameterizedTest
    @MethodSource("everyArchitectureAndFormat")
    void everyArchitectureAndFormatTurnsTextIntoTheSameTextAgain(RandomModel model) {
        with(model, 2, ScalarKernels::new, bench -> {
            Completion first = bench.complete(bench.encode("Wake me, Zürich 你好"), greedy(12));
            Completion second = bench.complete(bench.encode("Wake me, Zürich 你好"), greedy(12));
            assertThat(first.tokens()).isNotEmpty().isEqualTo(second.tokens());
            assertThat(first.text()).isEqualTo(second.text());
            assertThat(bench.complete(bench.encode("Something else"), greedy(12)).tokens()).isNotEqualTo(first.tokens());
        });
    }

    @Test
    void theSameSeedGivesTheSameTextWhateverTheThreadCount() {
        int[][] tokens = new int[2][];
        for (int threads = 1; threads <= 2; threads++) {
            int index = threads - 1;
            with(RandomModel.tiny("qwen3", NumberFormat.Q4_0), threads, ScalarKernels::new,
                    bench -> tokens[index] = bench.complete(bench.encode("Once"), sampled(40, 9)).tokens());
        }
        assertThat(tokens[0]).isEqualTo(tokens[1]);
        withTiny(bench -> assertThat(bench.complete(bench.encode("Once"), sampled(40, 1)).tokens())
                .isNotEqualTo(bench.complete(bench.encode("Once"), sampled(40, 2)).tokens()));
    }

    @Test
    void aLaterTurnReusesTheCacheAndSaysTheSame() {
        withTiny(bench -> {
            int[] question = bench.encode("A question that is long enough to matter");
            int[] longer = bench.encode("A question that is long enough to matter, and more of it");
            Completion expected = bench.complete(longer, greedy(10));
            try (Sequence sequence = new Sequence(bench.runner)) {
                bench.complete(sequence, question, greedy(10));
                Completion reused = bench.complete(sequence, longer, greedy(10));
                assertThat(reused.timings().computedPromptTokens()).isLessThan(longer.length - question.length + 2);
                assertThat(reused.tokens()).isEqualTo(expected.tokens());
            }
        });
    }

    @Test
    void endsAtTheWantedLength() {
        withTiny(bench -> {
            Completion longer = bench.complete(bench.encode("hello"), withoutEnd(40));
            Completion shorter = bench.complete(bench.encode("hello"), withoutEnd(20));
            assertThat(shorter.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(shorter.tokens()).isEqualTo(Arrays.copyOf(longer.tokens(), 20));
            assertThat(bench.complete(bench.encode("hello"), withoutEnd(0)).tokens()).isEmpty();
        });
    }

    @Test
    void endsBeforeAStopString() {
        withTiny(bench -> {
            Completion free = bench.complete(bench.encode("hello"), greedy(20));
            String stop = free.text().substring(3, 5);
            Completion stopped = bench.complete(bench.encode("hello"), greedy(20, stop));
            assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(stopped.text()).isEqualTo(free.text().substring(0, free.text().indexOf(stop)));
        });
    }

    @Test
    void endsWhereTheContextIsFull() {
        withTiny(bench -> {
            int[] prompt = bench.encode("hello");
            Completion full = bench.complete(prompt, withoutEnd(Integer.MAX_VALUE));
            assertThat(full.finishReason()).isEqualTo(FinishReason.CONTEXT);
            // The last token is never run, so it needs no position.
            assertThat(prompt.length + full.tokens().length).isEqualTo(128 + 1);
        });
    }

    @Test
    void theTextIsWhatTheListenerHeard() {
        withTiny(bench -> {
            StringBuilder heard = new StringBuilder();
            try (Sequence sequence = new Sequence(bench.runner)) {
                Completion completion = new Generator(bench.runner, bench.tokenizer)
                        .generate(sequence, bench.encode("你"), sampled(60, 3), heard::append, () -> false);
                assertThat(completion.text()).isEqualTo(heard.toString());
            }
        });
    }

    @Test
    void cancellingStopsAtTheNextStepAndTheSequenceGoesOn() {
        withTiny(bench -> {
            int[] calls = {0};
            try (Sequence sequence = new Sequence(bench.runner)) {
                Completion cancelled = new Generator(bench.runner, bench.tokenizer)
                        .generate(sequence, bench.encode("hello"), greedy(50), NOBODY, () -> ++calls[0] > 4);
                assertThat(cancelled.finishReason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(cancelled.tokens()).hasSize(4);
                assertThat(bench.complete(sequence, bench.encode("hello you"), greedy(8)).tokens())
                        .isEqualTo(bench.complete(bench.encode("hello you"), greedy(8)).tokens());
            }
        });
    }

    @Test
    void aFullCacheRefusesOnePromptAndHarmsNoOther() {
        withTiny(bench -> {
            int[] prompt = bench.encode("a".repeat(100));
            Completion expected = bench.complete(prompt, greedy(4));
            List<Sequence> crowd = new ArrayList<>();
            assertThatThrownBy(() -> {
                for (int i = 0; i < 9; i++) {
                    crowd.add(new Sequence(bench.runner));
                    bench.complete(crowd.getLast(), prompt, greedy(4));
                }
            }).isInstanceOf(CapacityException.class).hasMessageContaining("the KV cache is full");
            assertThat(bench.complete(crowd.getFirst(), prompt, greedy(4)).tokens()).isEqualTo(expected.tokens());
            crowd.removeFirst().close();
            assertThat(bench.complete(crowd.getLast(), prompt, greedy(4)).tokens()).isEqualTo(expected.tokens());
            crowd.forEach(Sequence::close);
        });
    }

    @Test
    void refusesPromptsThatCannotBeRun() {
        withTiny(bench -> {
            assertThatThrownBy(() -> bench.complete(new int[0], greedy(1))).hasMessageContaining("the prompt is empty");
            assertThatThrownBy(() -> bench.complete(new int[] {288}, greedy(1))).hasMessage("token 288 is not in the vocabulary, expected 0 to 287");
            assertThatThrownBy(() -> bench.complete(new int[129], greedy(1))).isInstanceOf(CapacityException.class)
                    .hasMessageContaining("129 tokens, the context holds 128");
        });
    }
}
