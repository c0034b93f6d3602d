package dev.ondine.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.NumberFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownShapesTest {

    private final KnownShapes known = new KnownShapes();

    /** As their publishers count them; those of llama-1b with a vocabulary of 50304, of gemma3-4b the text part with 262144 tokens. */
    @ParameterizedTest
    @CsvSource({"llama-1b, 1076168704", "llama-3b, 3212749824", "llama-8b, 8030261248", "tinyllama-1.1b, 1100048384",
        "mistral-7b, 7248023552", "qwen2.5-0.5b, 494032768", "qwen2.5-1.5b, 1543714304", "qwen2.5-7b, 7615616512",
        "qwen3-0.6b, 596049920", "qwen3-1.7b, 1720574976", "qwen3-4b, 4022468096", "gemma2-2b, 2614341888", "gemma3-1b, 999885952",
        "gemma3-4b, 3880099328"})
    void hasAsManyParametersAsThePublishedModel(String name, long parameters) {
        assertThat(new SynthModel(known.named(name), WeightFormats.all(NumberFormat.F16), 1).parameters()).isEqualTo(parameters);
    }

    @Test
    void llama1bHasItsPublishedSizeWithItsPublishedVocabulary() {
        SynthShape shape = known.named("llama-1b");
        long smaller = 128_256L - shape.vocabSize();
        assertThat(new SynthModel(shape, WeightFormats.all(NumberFormat.F16), 1).parameters() + smaller * shape.modelDim())
                .isEqualTo(1_235_814_400);
    }

    @Test
    void namesAllShapesWhereOneIsUnknown() {
        assertThat(known.names()).hasSize(14).doesNotContain("custom");
        assertThatThrownBy(() -> known.named("gpt-9")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gpt-9").hasMessageContaining("llama-1b, ").hasMessageContaining(", gemma3-4b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 64 | 64 | 4 | 2 | 16 | 300 | layers: found 0",
        "1 | 0 | 64 | 4 | 2 | 16 | 300 | model dimension: found 0",
        "1 | 64 | -1 | 4 | 2 | 16 | 300 | feed-forward dimension: found -1",
        "1 | 64 | 64 | 4 | 3 | 16 | 300 | 3 key-value heads, expected a divisor of 4 heads",
        "1 | 64 | 64 | 4 | 8 | 16 | 300 | key-value heads: found 8, expected 1 to 4",
        "1 | 64 | 64 | 4 | 2 | 15 | 300 | head dimension is 15, expected an even number",
        "1 | 64 | 64 | 4 | 2 | 16 | 258 | vocabulary: found 258 tokens, expected 259 to 300000",
        "1 | 64 | 64 | 4 | 2 | 16 | 300001 | vocabulary: found 300001 tokens"})
    void refusesSizesThatNoTransformerHas(int layers, int dim, int ffn, int heads, int kvHeads, int headDim, int vocab, String problem) {
        assertThatThrownBy(() -> new SynthShape("x", "llama", layers, dim, ffn, heads, kvHeads, headDim, vocab, 64, 0, 1e4f, 1e-5f, true))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(problem);
    }
}
