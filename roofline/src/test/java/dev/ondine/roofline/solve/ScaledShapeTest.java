package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledShapeTest {

    private static final ModelShape MIXTURE = TransformerSizes.plain("mixture", 32, 4096,
            new AttentionSizes.Grouped(32, 8, 128, 0, 0), FeedForwardSizes.mixture(14336, 8, 2), 32000, 0, false).shape();
    private static final Precision FOUR = Precision.named("INT4");

    private static Demand demand(ModelShape shape) {
        return Demand.of(shape, FOUR, StoredFormat.F16, Step.decode(3, 4000));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.37291, 0.999999, 1.0000003, 2.718281828, 30, 1e5})
    void everythingGrowsByTheFactor(double factor) {
        ModelShape scaled = ScaledShape.of(MIXTURE, factor);

        assertThat(scaled.parameters()).isCloseTo(Math.round(MIXTURE.parameters() * factor), within(4L));
        assertThat(scaled.activeParameters() / (MIXTURE.activeParameters() * factor)).isCloseTo(1, within(1e-7));
        assertThat(scaled.kvElements(1000) / (MIXTURE.kvElements(1000) * factor)).isCloseTo(1, within(1e-4));
        assertThat(demand(scaled).weightBytes() / (demand(MIXTURE).weightBytes() * factor)).isCloseTo(1, within(1e-4));
        assertThat(demand(scaled).multiplyAccumulates() / (demand(MIXTURE).multiplyAccumulates() * factor)).isCloseTo(1, within(1e-4));
    }

    @Test
    void theFactorOneChangesNothingThatCosts() {
        assertThat(demand(ScaledShape.of(MIXTURE, 1))).isEqualTo(demand(MIXTURE));
        assertThat(ScaledShape.of(ModelShape.ofParameters("7B", 7_000_000_000L), 0.5).parameters()).isEqualTo(3_500_000_000L);
        assertThatIllegalArgumentException().isThrownBy(() -> ScaledShape.of(MIXTURE, 0));
    }
}
