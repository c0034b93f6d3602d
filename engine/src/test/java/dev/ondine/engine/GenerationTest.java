package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.models.CapacityException;
import dev.ondine.models.LoadedModel;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarVocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text in, text out, on tiny random models. */
class GenerationTest {

    @TempDir
    Path folder;

    /** What came out. @param text all that was told while it ran */
    private record Outcome(int[] tokens, String text, FinishReason finishReason) {
    }

    /** A tiny model with all that generation needs. */
    private record Bench(Tokenizer tokenizer, Runner runner) {

        Outcome complete(int[] prompt, GenerationOptions options) {
            try (SequenceState state = runner.newSequence()) {
                return complete(state, prompt, options);
            }
        }

        /** Reads in chunks what the sequence does not hold, then decodes to the end. */
        Outcome complete(SequenceState state, int[] prompt, GenerationOptions options) {
            runner.requireReadable(prompt);
            Generation generation = new Generation(tokenizer, prompt, options, new SamplingRoom(runner.model().facts().vocabSize()),
                    Optional.of(GrammarVocabulary.of(tokenizer.vocabulary())));
            for (int next = state.length(); next < prompt.length; ) {
                next = runner.read(state, prompt, next);
            }
            StringBuilder text = new StringBuilder();
            while (generation.finishReason() == null) {
                text.append(generation.accept(runner.logits(), 0).text());
                if (generation.finishReason() == null) {
                    runner.add(state, generation.token(generation.length() - 1), true);
                    runner.run();
                }
            }
            return new Outcome(generation.completion(), text + generation.rest(), generation.finishReason());
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
            Outcome first = bench.complete(bench.encode("Wake me, Zürich 你好"), greedy(12));
            Outcome second = bench.complete(bench.encode("Wake me, Zürich 你好"), greedy(12));
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
    void aSequenceThatHoldsTheBeginningSaysTheSame() {
        withTiny(bench -> {
            int[] question = bench.encode("A question that is long enough to matter");
            int[] longer = bench.encode("A question that is long enough to matter, and more of it");
            Outcome expected = bench.complete(longer, greedy(10));
            try (SequenceState state = bench.runner.newSequence()) {
                bench.complete(state, question, greedy(10));
                state.truncate(question.length - 1);
                assertThat(bench.complete(state, longer, greedy(10))).usingRecursiveComparison().isEqualTo(expected);
            }
        });
    }

    @Test
    void endsAtTheWantedLength() {
        withTiny(bench -> {
            Outcome longer = bench.complete(bench.encode("hello"), withoutEnd(40));
            Outcome shorter = bench.complete(bench.encode("hello"), withoutEnd(20));
            assertThat(shorter.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(shorter.tokens()).isEqualTo(Arrays.copyOf(longer.tokens(), 20));
            assertThat(bench.complete(bench.encode("hello"), withoutEnd(0)).tokens()).isEmpty();
        });
    }

    @Test
    void endsBeforeAStopString() {
        withTiny(bench -> {
            Outcome free = bench.complete(bench.encode("hello"), greedy(20));
            String stop = free.text().substring(3, 5);
            Outcome stopped = bench.complete(bench.encode("hello"), greedy(20, stop));
            assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(stopped.text()).isEqualTo(free.text().substring(0, free.text().indexOf(stop)));
        });
    }

    /** A model with random weights writes JSON if nothing else is allowed. */
    @Test
    void keepsToAGrammar() {
        Map<String, ?> schema = Map.of("type", "object", "properties", Map.of("at", Map.of("enum", List.of("noon", "night"))),
                "required", List.of("at"), "additionalProperties", false);
        withTiny(bench -> {
            GenerationOptions options = sampled(100, 5).heldTo(Optional.of(Grammar.ofJsonSchema(schema)));
            Outcome held = bench.complete(bench.encode("hello"), options);
            assertThat(held.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(held.text().replaceAll("\\s", "")).isIn("{\"at\":\"noon\"}", "{\"at\":\"night\"}");
        });
    }

    @Test
    void replaysWhatAnEarlierRunPicked() {
        withTiny(bench -> {
            int[] prompt = bench.encode("Once");
            Outcome whole = bench.complete(prompt, sampled(30, 4));
            SamplingRoom room = new SamplingRoom(bench.runner.model().facts().vocabSize());
            Generation again = new Generation(bench.tokenizer, prompt, sampled(30, 4), room, Optional.empty());
            StringBuilder text = new StringBuilder();
            for (int token : Arrays.copyOf(whole.tokens(), 15)) {
                text.append(again.replay(token).text());
            }
            assertThat(whole.text()).startsWith(text.toString());
            assertThat(again.generated()).isEqualTo(15);
            assertThat(again.completion()).isEqualTo(Arrays.copyOf(whole.tokens(), 15));
        });
    }

    @Test
    void aFullCacheRefusesOnePromptAndHarmsNoOther() {
        withTiny(bench -> {
            int[] prompt = bench.encode("a".repeat(100));
            Outcome expected = bench.complete(prompt, greedy(4));
            List<SequenceState> crowd = new ArrayList<>();
            assertThatThrownBy(() -> {
                for (int i = 0; i < 9; i++) {
                    crowd.add(bench.runner.newSequence());
                    bench.complete(crowd.getLast(), prompt, greedy(4));
                }
            }).isInstanceOf(CapacityException.class).hasMessageContaining("the KV cache is full");
            crowd.getFirst().close();
            assertThat(bench.complete(crowd.getFirst(), prompt, greedy(4)).tokens()).isEqualTo(expected.tokens());
            crowd.forEach(SequenceState::close);
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
