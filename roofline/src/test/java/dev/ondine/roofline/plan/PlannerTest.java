package dev.ondine.roofline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.cost.Bound;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.TransformerSizes;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final ModelShape LLAMA_2_7B = TransformerSizes.dense("Llama 2 7B", 32, 4096, 32, 32, 128, 11008, 3, 32000, 4096, false).shape();
    private static final Device PHONE = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9).with(Spec.MEMORY_CAPACITY, 16e9)
            .with(Spec.INT8_PEAK, 40e12);

    private static PlanRequest ideal(ModelShape shape, String format) {
        return PlanRequest.of(shape, Precision.named(format), PHONE).with(Efficiency.IDEAL);
    }

    @Test
    void idealDecodeOfSevenBillionParametersInFourBits() {
        Plan plan = Planner.plan(ideal(ModelShape.ofParameters("7B", 7_000_000_000L), "4"));

        assertThat(plan.decode().tokensPerSecond()).isCloseTo(21.94, within(0.01));
        assertThat(plan.decode().bound()).isEqualTo(Bound.MEMORY);
        assertThat(plan.bytesPerToken()).isEqualTo(3.5e9);
    }

    @Test
    void countsKeysAndValuesOfTheWholeContext() {
        Plan plan = Planner.plan(ideal(LLAMA_2_7B, "INT4").with(Workload.USUAL.withContext(4096)));

        assertThat(plan.footprint().kvBytes()).isEqualTo(2.0 * (1L << 30));
        assertThat(plan.footprint().weightBytes()).isCloseTo(3.37e9, within(0.005e9));
    }

    @Test
    void readsTheContextOfEverySequenceButTheWeightsOnce() {
        Plan one = Planner.plan(ideal(LLAMA_2_7B, "INT4"));
        Plan four = Planner.plan(ideal(LLAMA_2_7B, "INT4").with(Workload.USUAL.withBatch(4)));

        assertThat(four.totalTokensPerSecond()).isGreaterThan(2.8 * one.decode().tokensPerSecond());
        assertThat(four.decode().tokensPerSecond()).isLessThan(one.decode().tokensPerSecond());
    }

    @Test
    void prefillIsBoundByComputing() {
        Plan plan = Planner.plan(ideal(LLAMA_2_7B, "INT4"));

        assertThat(plan.prefill().bound()).isEqualTo(Bound.COMPUTE);
        assertThat(plan.prefill().tokensPerSecond()).isCloseTo(40e12 / 2 / 6.48e9, within(150.0));
        assertThat(plan.ttftSeconds()).isCloseTo(512 / plan.prefill().tokensPerSecond(), within(1e-9));
    }

    @Test
    void saysNothingOfPrefillWhereNoPeakIsKnown() {
        PlanRequest request = PlanRequest.of(LLAMA_2_7B, Precision.named("INT4"),
                Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9));

        assertThat(Planner.plan(request).prefill().isKnown()).isFalse();
        assertThat(Planner.plan(request).decode().isKnown()).isTrue();
    }

    @Test
    void readsFromFlashWhatDoesNotFit() {
        PlanRequest half = ideal(LLAMA_2_7B, "FP16").with(PHONE.with(Spec.MEMORY_CAPACITY, 7.28e9).with(Spec.FLASH_READ, 4.2e9));

        Plan plan = Planner.plan(half);

        assertThat(plan.footprint().fits()).isFalse();
        assertThat(plan.decode().bound()).isEqualTo(Bound.FLASH);
        assertThat(1 / plan.decode().tokensPerSecond()).isBetween(1.6, 2.0);
    }

    @Test
    void draftsAsLeviathanComputes() {
        ModelShape draft = ModelShape.ofParameters("draft", 1);
        PlanRequest request = ideal(ModelShape.ofParameters("target", 7_000_000_000L), "4").with(new Drafting(draft, Precision.named("4"), 5, 0.8));

        Plan plan = Planner.plan(request);

        assertThat(plan.decode().tokensPerSecond() / plan.plainDecode().tokensPerSecond()).isCloseTo(3.69, within(0.005));
    }

    @Test
    void roundTripsCountInEveryRoundOfACloudThatVerifies() {
        ModelShape draft = ModelShape.ofParameters("draft", 1_536_000_000L);
        Device cloud = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 3.5e9 / 0.030).with(Spec.INT8_PEAK, 1e18);
        PlanRequest request = ideal(ModelShape.ofParameters("target", 7_000_000_000L), "4")
                .with(new Drafting(draft, Precision.named("4"), 5, 0.8))
                .with(new CloudLink(cloud, Efficiency.IDEAL, Precision.named("4"), 0.050));

        CloudRates rates = Planner.plan(request).cloud().orElseThrow();

        assertThat(rates.tokensPerSecond()).isCloseTo(33.3, within(0.05));
        assertThat(rates.togetherTokensPerSecond()).isCloseTo(28.4, within(0.05));
        assertThat(1 / rates.passesPerToken()).isCloseTo(3.69, within(0.005));
    }

    @Test
    void movingBytesTakesMostOfTheEnergy() {
        Plan plan = Planner.plan(ideal(ModelShape.ofParameters("7B", 7_000_000_000L), "4"));

        assertThat(plan.joulesPerToken()).isCloseTo(0.198, within(0.001));
    }
}
