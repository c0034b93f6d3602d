package dev.ondine.roofline.formula;

import static dev.ondine.roofline.formula.Published.assertDigits;
import static dev.ondine.roofline.formula.Published.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked numbers of Databricks, and what the deck makes of its formula.
 *
 * @see <a href="https://www.databricks.com/blog/llm-inference-performance-engineering-best-practices">LLM Inference Performance
 *      Engineering</a>
 */
final class BandwidthUtilisationTest {

    private static final double GIB = 1L << 30;

    @Test
    @DisplayName("Databricks: 7B in 16 bits at 14 ms on 2 TB/s uses 50 %")
    void share() {
        assertThat(BandwidthUtilisation.share(14e9, 0, 14e-3, 2e12)).isEqualTo(0.5, exactly());
        assertThat(BandwidthUtilisation.tokensPerSecond(0.5, 14e9, 0, 2e12)).isEqualTo(1 / 14e-3, exactly());
    }

    @ParameterizedTest(name = "batch {0}: {1} GiB in FP16, {2} GiB in INT8")
    @CsvSource({"1, 0.3125, 0.15625", "16, 5, 2.5", "32, 10, 5", "64, 20, 10"})
    @DisplayName("Databricks, Table 3: cache of Llama-2-70B at 1024 tokens")
    void cache(int batch, double half, double bytes) {
        assertThat(batch * 1024 * TransformerWork.cacheBytesPerToken(80, 8, 128, 2) / GIB).isEqualTo(half);
        assertThat(batch * 1024 * TransformerWork.cacheBytesPerToken(80, 8, 128, 1) / GIB).isEqualTo(bytes);
    }

    @Test
    @DisplayName("deck D.2: Llama-2-7B at 4k 2.0 GiB, Llama-3.2-3B 0.44, Qwen2.5-1.5B 0.11")
    void smallCaches() {
        assertDigits(4096 * TransformerWork.cacheBytesPerToken(32, 32, 128, 2) / GIB, "2.0");
        assertDigits(4096 * TransformerWork.cacheBytesPerToken(28, 8, 128, 2) / GIB, "0.44");
        assertDigits(4096 * TransformerWork.cacheBytesPerToken(28, 2, 128, 2) / GIB, "0.11");
    }

    @Test
    @DisplayName("deck D.3: 7B INT4 at 76.8 GB/s 21.9 tokens/s; a maker's 20 are 91 %")
    void chart() {
        assertDigits(BandwidthUtilisation.tokensPerSecond(1, 3.5e9, 0, 76.8e9), "21.9");
        assertDigits(BandwidthUtilisation.share(3.5e9, 0, 1.0 / 20, 76.8e9), "0.91");
    }

    @Test
    @DisplayName("deck D.5: largest INT4 model at 8.33 tokens/s: 12.3B at 51.2 GB/s, 18.4B at 76.8, 12.9B there at 70 %")
    void largest() {
        double reading = ReadingSpeed.NORMAL.tokensPerSecond(ReadingSpeed.GENEROUS_TOKENS_PER_WORD);
        assertDigits(BandwidthUtilisation.mostWeights(reading, 1, 0.5, 51.2e9) / 1e9, "12.3");
        assertDigits(BandwidthUtilisation.mostWeights(reading, 1, 0.5, 76.8e9) / 1e9, "18.4");
        assertDigits(BandwidthUtilisation.mostWeights(reading, 0.7, 0.5, 76.8e9) / 1e9, "12.9");
    }

    @Test
    @DisplayName("SemiAnalysis: half of an iPhone 14's bandwidth reads about 1B in FP16 and 4B in INT4")
    void halfOfTheBandwidth() {
        // 34.1 GB/s: LPDDR4X-4267 of 64 bits, as in the iPhone 14's A15.
        double reading = ReadingSpeed.NORMAL.tokensPerSecond(ReadingSpeed.GENEROUS_TOKENS_PER_WORD);
        assertDigits(BandwidthUtilisation.mostWeights(reading, 0.5, 2, 34.1e9) / 1e9, "1");
        assertDigits(BandwidthUtilisation.mostWeights(reading, 0.5, 0.5, 34.1e9) / 1e9, "4");
    }

    @Test
    void bandwidthIsTheInverse() {
        double rate = BandwidthUtilisation.tokensPerSecond(0.6, 4e9, 1e9, 76.8e9);
        assertThat(BandwidthUtilisation.bandwidthFor(rate, 0.6, 4e9, 1e9)).isEqualTo(76.8e9, Offset.offset(1.0));
        assertThatThrownBy(() -> BandwidthUtilisation.tokensPerSecond(1, 0, 0, 1e9)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bytes per token is 0, expected more than 0");
    }
}
