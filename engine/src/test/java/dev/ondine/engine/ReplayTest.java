package dev.ondine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.files.GgufFile;
import dev.ondine.fixtures.RandomModel;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarMatcher;
import dev.ondine.text.grammar.GrammarVocabulary;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generation by itself, with logits that follow from the tokens before them, as a model's do. */
class ReplayTest {

    private static final int[] PROMPT = {3, 9, 27};
    private static final int[] TOOL = {5, 6, 7, 8};

    @TempDir
    private static Path folder;

    private static final Arena ARENA = Arena.ofShared();
    private static Tokenizer tokenizer;
    private static GrammarVocabulary vocabulary;
    private static Matrix logits;
    private static SamplingRoom room;

    @BeforeAll
    static void readsATokenizer() {
        try (GgufFile file = GgufFile.open(RandomModel.tiny("llama", NumberFormat.F32).write(folder.resolve("tiny.gguf")))) {
            tokenizer = Tokenizer.of(file.metadata());
        }
        vocabulary = GrammarVocabulary.of(tokenizer.vocabulary());
        logits = Matrix.allocate(ARENA, 1, tokenizer.vocabulary().size());
        logits.setRows(1);
        room = new SamplingRoom(logits.columns());
    }

    @AfterAll
    static void givesMemoryBack() {
        ARENA.close();
    }

    private static Generation generation(GenerationOptions options) {
        return new Generation(tokenizer, PROMPT, options, room, Optional.of(vocabulary));
    }

    /** Random numbers that are the same after the same tokens; now and then one that ends the text. */
    private static Matrix logitsAfter(Generation generation) {
        long seed = 17;
        for (int index = 0; index < generation.length(); index++) {
            seed = seed * 31 + generation.token(index);
        }
        Random random = new Random(seed);
        for (int token = 0; token < logits.columns(); token++) {
            boolean ends = tokenizer.vocabulary().endsGeneration(token);
            logits.set(0, token, (float) random.nextGaussian() * 3 + (ends ? 2 : 0));
        }
        return logits;
    }

    /** What a generation tells. */
    private record Told(List<String> texts, String rest, int[] tokens, FinishReason reason) {
    }

    /** To its end, and once more after a tool's tokens where it is the model that ends it. */
    private static Told finish(Generation generation, boolean isContinued, List<String> texts) {
        boolean mayContinue = isContinued;
        while (generation.finishReason() == null) {
            texts.add(generation.accept(logitsAfter(generation), 0).text());
            if (generation.finishReason() == FinishReason.STOP && mayContinue) {
                texts.add(generation.rest());
                generation.continueWith(TOOL);
                mayContinue = false;
            }
        }
        return new Told(texts, generation.rest(), generation.completion(), generation.finishReason());
    }

    private static GenerationOptions options(Random random) {
        boolean isGreedy = random.nextInt(3) == 0;
        SamplingOptions sampling = new SamplingOptions(isGreedy ? 0 : 0.5f + random.nextFloat(), random.nextInt(3) * 40,
                random.nextBoolean() ? 1 : 0.9f, random.nextBoolean() ? 0 : 0.01f, random.nextBoolean() ? 1 : 0.95f,
                random.nextBoolean() ? 1 : 1.3f, random.nextBoolean() ? 0 : 0.5f, random.nextBoolean() ? 0 : 0.2f, 1 + random.nextInt(20),
                random.nextBoolean() ? Map.of() : Map.of(30, 4f, 31, Float.NEGATIVE_INFINITY), random.nextLong());
        boolean isHeld = random.nextInt(3) == 0;
        return new GenerationOptions(1 + random.nextInt(40), sampling, random.nextBoolean() ? List.of() : List.of("ab", "q", "the"),
                random.nextInt(4) - 1, false, !isHeld && random.nextInt(4) == 0,
                isHeld ? Optional.of(Grammar.anyJsonObject()) : Optional.empty(), random.nextBoolean() ? Set.of() : Set.of("<s>", "</s>"));
    }

    /** Taken up again from its tokens at any place, it goes on as it would have. */
    @Test
    void goesOnExactlyFromItsTokens() {
        Random random = new Random(1);
        int cuts = 0;
        int continued = 0;
        for (int round = 0; round < 150; round++) {
            GenerationOptions options = options(random);
            boolean isContinued = random.nextBoolean();
            Told whole = finish(generation(options), isContinued, new ArrayList<>());
            for (int cut = 0; cut <= whole.tokens.length; cut += 1 + random.nextInt(4)) {
                Generation again = generation(options);
                List<String> texts = new ArrayList<>();
                boolean mayContinue = isContinued;
                for (int token : Arrays.copyOf(whole.tokens, cut)) {
                    texts.add(again.replay(token).text());
                    if (again.finishReason() == FinishReason.STOP && mayContinue) {
                        texts.add(again.rest());
                        again.continueWith(TOOL);
                        mayContinue = false;
                        continued++;
                    }
                }
                Told found = finish(again, mayContinue, texts);
                assertThat(found.tokens).as("round %d, cut %d, %s", round, cut, options).isEqualTo(whole.tokens);
                assertThat(found.texts).isEqualTo(whole.texts);
                assertThat(found.rest).isEqualTo(whole.rest);
                assertThat(found.reason).isEqualTo(whole.reason);
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(500);
        assertThat(continued).isGreaterThan(50);
    }

    @Test
    void keepsToItsGrammar() {
        Random random = new Random(2);
        int complete = 0;
        for (int round = 0; round < 40; round++) {
            SamplingOptions sampling = new SamplingOptions(1, 0, 1, 0, 1, 1, 0, 0, 64, Map.of(), random.nextLong());
            Told told = finish(generation(new GenerationOptions(60, sampling, List.of()).heldTo(Optional.of(Grammar.anyJsonObject()))),
                    false, new ArrayList<>());
            String text = String.join("", told.texts) + told.rest;
            GrammarMatcher matcher = Grammar.anyJsonObject().matcher();
            assertThat(matcher.accept(text.replaceAll("\\ufffd$", ""))).as(text).isTrue();
            if (told.reason == FinishReason.STOP) {
                assertThat(matcher.isComplete()).as(text).isTrue();
                complete++;
            }
        }
        assertThat(complete).isPositive();
    }

    @Test
    void replaysNothingThatItCannotHaveSaid() {
        GenerationOptions held = new GenerationOptions(9, SamplingOptions.GREEDY, List.of()).heldTo(Optional.of(Grammar.anyJsonObject()));
        int letter = tokenizer.encode("x", false)[0];
        assertThatThrownBy(() -> generation(held).replay(letter)).isInstanceOf(IllegalArgumentException.class);
        GenerationOptions one = new GenerationOptions(1, SamplingOptions.GREEDY, List.of());
        Generation ended = generation(one);
        ended.replay(letter);
        assertThatThrownBy(() -> ended.replay(letter)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("another generation");
        assertThatThrownBy(() -> generation(one).replay(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> generation(one).replay(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void goesOnOnlyAfterTheModelsOwnEnd() {
        Generation generation = generation(new GenerationOptions(1, SamplingOptions.GREEDY, List.of()).ignoringEnd(true));
        assertThatThrownBy(() -> generation.continueWith(TOOL)).isInstanceOf(IllegalStateException.class).hasMessageContaining("in the making");
        generation.replay(40);
        assertThatThrownBy(() -> generation.continueWith(TOOL)).isInstanceOf(IllegalStateException.class).hasMessageContaining("LENGTH");
    }

    /** Tool-call parsers must see marks that other texts leave out. */
    @Test
    void showsMarksThatAreAskedFor() {
        int mark = 0;
        while (!tokenizer.vocabulary().isMark(mark) || tokenizer.vocabulary().endsGeneration(mark)) {
            mark++;
        }
        String name = tokenizer.vocabulary().text(mark);
        GenerationOptions options = new GenerationOptions(5, SamplingOptions.GREEDY, List.of());
        assertThat(generation(options).replay(mark).text()).isEmpty();
        assertThat(generation(options.showing(Set.of(name))).replay(mark).text()).isEqualTo(name);
    }

    @Test
    void refusesAGrammarThatIsToBeLeft() {
        assertThatThrownBy(() -> new GenerationOptions(5, SamplingOptions.GREEDY, List.of()).heldTo(Optional.of(Grammar.anyJsonObject()))
                .ignoringEnd(true)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("grammar");
    }
}
