package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class QualityProxyTest {

    private static final ModelShape MIXTRAL = TransformerSizes.plain("Mixtral", 32, 4096,
            new AttentionSizes.Grouped(32, 8, 128, 0, 0), FeedForwardSizes.mixture(14336, 8, 2), 32000, 0, false).shape();

    @Test
    @DisplayName("Mixtral loses 1.42 % of its MMLU from 4 to 3 bits and 5.12 % to 2: arXiv 2312.17238, table 1")
    void followsMixtralBelowFourBits() {
        double four = QualityProxy.ofScore(100, 4);

        assertThat(QualityProxy.ofScore(100, 3) / four).isCloseTo(69.3 / 70.3, within(1e-12));
        assertThat(QualityProxy.ofScore(100, 2) / four).isCloseTo(66.7 / 70.3, within(1e-12));
    }

    @Test
    @DisplayName("between Mixtral's 99.70 % and Qwen 72B's 98.66 % at 4 bits, and Qwen's 98.79 % at 8")
    void liesBetweenTheTwoPublishedModels() {
        assertThat(QualityProxy.ofScore(1, 4)).isBetween(73.4 / 74.4, 70.3 / 70.51);
        assertThat(QualityProxy.ofScore(1, 8)).isBetween(73.5 / 74.4, 1.0);
        assertThat(QualityProxy.ofScore(70.51, 16)).isEqualTo(70.51);
        assertThat(QualityProxy.ofScore(70.51, 32)).isEqualTo(70.51);
    }

    @Test
    void moreBitsAreNeverWorse() {
        double[] shares = DoubleStream.iterate(0.2, bits -> bits < 20, bits -> bits + 0.1)
                .map(bits -> QualityProxy.ofScore(1, bits)).toArray();

        assertThat(shares).isSorted().contains(1.0);
        assertThat(shares[0]).isNotNegative();
        assertThatIllegalArgumentException().isThrownBy(() -> QualityProxy.ofScore(1, 0));
    }

    @Test
    void aMixtureCountsAsTheGeometricMeanOfItsSizes() {
        assertThat(QualityProxy.effectiveParameters(MIXTRAL)).isCloseTo(Math.sqrt(46.7e9 * 12.9e9), within(0.1e9));
        assertThat(QualityProxy.effectiveParameters(ModelShape.ofParameters("sizes", 46_700_000_000L, 12_900_000_000L)))
                .isCloseTo(Math.sqrt(46.7e9 * 12.9e9), within(1e3));
        assertThat(QualityProxy.of(ModelShape.ofParameters("7B", 7_000_000_000L), Precision.named("FP16"))).isCloseTo(9.845, within(0.001));
    }
}
