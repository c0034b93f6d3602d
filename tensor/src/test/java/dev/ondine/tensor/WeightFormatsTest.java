package dev.ondine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Expectations are what llama-quantize chose for models of these sizes. */
class WeightFormatsTest {

    private static final int WHOLE = 512;

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, attn_v,   Q4_K, Q6_K, 0 1 4 7 10 13 14 15", "Q4_K_M, ffn_down, Q4_K, Q6_K, 0 1 4 7 10 13 14 15",
        "Q5_K_M, attn_v,   Q5_K, Q6_K, 0 1 4 7 10 13 14 15", "Q5_K_M, ffn_down, Q5_K, Q6_K, 0 1 4 7 10 13 14 15",
        "Q4_K_S, attn_v,   Q4_K, Q5_K, 0 1 2 3", "Q4_K_S, ffn_down, Q4_K, Q5_K, 0 1",
        "Q5_K_S, attn_v,   Q5_K, Q5_K, ''", "Q4_K_M, attn_q, Q4_K, Q6_K, ''", "Q4_K_M, ffn_up, Q4_K, Q6_K, ''",
        "Q4_K,   ffn_down, Q4_K, Q6_K, ''"})
    void givesTheMatricesThatNeedThemMoreBits(String name, String matrix, NumberFormat usual, NumberFormat better, String layers) {
        WeightFormats formats = WeightFormats.named(name);
        List<String> more = List.of(layers.split(" "));
        for (int layer = 0; layer < 16; layer++) {
            assertThat(formats.inLayer(matrix, layer, 16, WHOLE)).as("layer %d", layer)
                    .isEqualTo(more.contains(Integer.toString(layer)) ? better : usual);
        }
    }

    @ParameterizedTest
    @CsvSource({"Q4_K_M, true, 512, Q6_K", "Q4_K_M, false, 512, Q4_K", "Q4_K_M, true, 896, Q8_0", "Q4_K_M, false, 896, Q5_0",
        "Q5_K_S, false, 896, Q5_1", "Q4_K, true, 512, Q4_K", "Q6_K, true, 896, Q8_0", "Q4_0, true, 896, Q4_0", "Q4_0, true, 100, F16"})
    void choosesTheFormatOfEmbeddingAndOutput(String name, boolean isOutput, int columns, NumberFormat expected) {
        assertThat(WeightFormats.named(name).outside(isOutput, columns)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Q4_K_M, 0, 96, Q8_0", "Q4_K_M, 2, 96, Q5_0", "Q5_K_M, 2, 96, Q5_1", "Q4_K_S, 0, 96, Q5_1", "Q4_K_M, 0, 200, F16"})
    void fallsBackWhereARowIsNoWholeBlocks(String name, int layer, int columns, NumberFormat expected) {
        assertThat(WeightFormats.named(name).inLayer("attn_v", layer, 9, columns)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void isThereForEveryEncodableFormat(NumberFormat format) {
        if (format.isEncodable()) {
            WeightFormats formats = WeightFormats.all(format);
            assertThat(formats.usual()).isEqualTo(format);
            assertThat(IntStream.range(0, 8).mapToObj(layer -> formats.inLayer("ffn_down", layer, 8, WHOLE))).containsOnly(format);
        } else {
            assertThatThrownBy(() -> WeightFormats.all(format)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void namesAllFormatsWhereOneIsUnknown() {
        assertThat(WeightFormats.named("q4_k_m").name()).isEqualTo("Q4_K_M");
        assertThatThrownBy(() -> WeightFormats.named("Q3")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Q3").hasMessageContaining("F32, ").hasMessageContaining(", Q5_K_M");
    }
}
