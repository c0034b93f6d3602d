package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.CloudLink;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SolverTest {

    private static final ModelShape SEVEN_BILLION = ModelShape.ofParameters("7B", 7_000_000_000L);
    private static final ModelShape LLAMA_2_7B =
            TransformerSizes.dense("Llama 2 7B", 32, 4096, 32, 32, 128, 11008, 3, 32000, 4096, false).shape();
    private static final Device PHONE = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9).with(Spec.MEMORY_CAPACITY, 16e9)
            .with(Spec.INT8_PEAK, 40e12);

    private static PlanRequest ideal(ModelShape shape, String format) {
        return PlanRequest.of(shape, Precision.named(format), PHONE).with(Efficiency.IDEAL);
    }

    private static Solution solve(PlanRequest request, Unknown unknown, String goals) {
        return Solver.solve(request, Question.parse(unknown, goals, 1.5));
    }

    private static void assertRefused(PlanRequest request, Unknown unknown, String goals, Metric binding, String... words) {
        assertThatExceptionOfType(UnreachableTargetException.class).isThrownBy(() -> solve(request, unknown, goals))
                .withMessageContainingAll(words).satisfies(refusal -> assertThat(refusal.binding().metric()).isEqualTo(binding));
    }

    /**
     * What bandwidth do I need for 20 tokens/s of a 7 B model in INT4 with 8 k context?
     *
     * <p>Llama 2 7B has 6,738,415,616 parameters; a token reads all but the embedding of 32000 x 4096 = 131,072,000, of which it reads
     * one row of 4096: 6,607,343,616 + 4096 at half a byte (the 65 norms of 4096 included) are 3,303,673,856 bytes. Keys and values
     * take 2 x 32 x 4096 x 2 B = 524,288 bytes a token; 8192 and the new one are read, one is written: 8194 x 524,288 =
     * 4,296,015,872. Together 7,599,689,728 bytes a token; 20 times that is 151.99 GB/s.
     */
    @Test
    void bandwidthForTwentyTokensOfSevenBillionParametersWithEightThousandTokensOfContext() {
        PlanRequest request = ideal(LLAMA_2_7B, "INT4").with(Workload.USUAL.withContext(8192));

        Solution solution = solve(request, Unknown.BANDWIDTH, "20 tok/s");

        assertThat(solution.value()).isCloseTo(20 * 7_599_689_728.0, within(200.0));
        assertThat(solution.extreme()).isEqualTo(Extreme.LEAST);
        assertThat(solution.plan().decode().tokensPerSecond()).isCloseTo(20, within(1e-6));
        assertThat(solution.words()).isEqualTo("least memory bandwidth: 152 GB/s, bound by 20 tok/s");
    }

    /**
     * The same inside 4 W. At 7 pJ/bit the bytes above take 8 x 7,599,689,728 x 7e-12 = 0.42558 J; 6,607,077,376
     * multiply-accumulates of weights (norms are none) and 2 x 32 x 4096 x 8193 = 2,147,745,792 of attention at 0.23 pJ take
     * 0.00201 J: 0.42760 J, 20 times a second 8.55 W. So the answer is no, and the limit says so. A cache in 4 bits reads a quarter
     * of it: 4,377,677,824 bytes, 0.24716 J, 4.94 W: still no. With 3 bits a weight and that cache it is 2,477,755,392 +
     * 1,074,003,968 bytes: 0.20090 J, 4.02 W, still no, and 2.97 bits are enough.
     */
    @Test
    void noBandwidthMovesSoManyBytesInFourWatts() {
        PlanRequest request = ideal(LLAMA_2_7B, "INT4").with(Workload.USUAL.withContext(8192));
        PlanRequest smallCache = request.withKv(StoredFormat.named("INT4"));

        assertRefused(request, Unknown.BANDWIDTH, "20 tok/s, <= 4 W, memory <= 8 GB", Metric.WATTS,
                "no memory bandwidth meets both 20 tok/s and <= 4 W", "152 GB/s", "8.552 W", "0.4276 J/token",
                "the limit is 4 W", "fewer bits");
        assertRefused(smallCache, Unknown.BANDWIDTH, "20 tok/s, <= 4 W", Metric.WATTS, "4.943 W");
        assertRefused(smallCache.with(Precision.named("3")), Unknown.BANDWIDTH, "20 tok/s, <= 4 W", Metric.WATTS, "4.018 W");
        Solution solution = solve(smallCache.with(Precision.named("2.97")), Unknown.BANDWIDTH, "20 tok/s, <= 4 W, memory <= 8 GB");
        assertThat(solution.slacks()).hasSize(3).allMatch(slack -> slack.room() >= -1e-9);
        assertThat(solution.slacks().get(1).reached()).isBetween(3.98, 4.0);
    }

    /** Of 20 x 0.42760 J above; 1.5 W more where the device idles at that. */
    @Test
    void wattsOfATargetHoldIdlePower() {
        PlanRequest request = ideal(LLAMA_2_7B, "INT4").with(Workload.USUAL.withContext(8192))
                .with(PHONE.with(Spec.MEMORY_BANDWIDTH, 1e12));

        assertThat(solve(request, Unknown.POWER, "20 tok/s").value()).isCloseTo(8.552, within(0.001));
        PlanRequest idling = request.with(request.device().with(Spec.IDLE_POWER, 1.5));
        assertThat(solve(idling, Unknown.POWER, "20 tok/s").value()).isCloseTo(10.052, within(0.001));
        assertRefused(idling, Unknown.POWER, "20 tok/s, <= 10 W", Metric.WATTS, "10.05 W");
        assertRefused(request, Unknown.POWER, "2000 tok/s", Metric.DECODE, "even with", "bound by memory");
        assertRefused(request, Unknown.POWER, "ttft 10 s", Metric.TTFT, "power makes no difference");
    }

    /** The deck: the largest INT4 model at 8.33 tokens a second is 12.3 billion at 51.2 GB/s, 18.4 at 76.8, 12.9 at an MBU of 0.7. */
    @Test
    void largestModelThatIsAsFastAsOneReads() {
        PlanRequest request = ideal(SEVEN_BILLION, "4");
        String reading = "8.3333333 tok/s";

        assertThat(solve(request, Unknown.PARAMETERS, reading).value()).isCloseTo(18.4e9, within(0.05e9));
        assertThat(solve(request.with(PHONE.with(Spec.MEMORY_BANDWIDTH, 51.2e9)), Unknown.PARAMETERS, reading).value())
                .isCloseTo(12.3e9, within(0.05e9));
        assertThat(solve(request.with(Efficiency.IDEAL.withMemory(0.7)), Unknown.PARAMETERS, reading).value())
                .isCloseTo(12.9e9, within(0.05e9));
        assertThat(solve(request, Unknown.PARAMETERS, "memory 8 GB").value()).isEqualTo(16e9);
    }

    @Test
    void computeBoundsWhereBandwidthIsInfinite() {
        PlanRequest slow = ideal(SEVEN_BILLION, "4").with(PHONE.with(Spec.INT8_PEAK, 140e9));

        assertRefused(slow, Unknown.BANDWIDTH, "20 tok/s", Metric.DECODE,
                "no memory bandwidth is enough for 20 tok/s: even with an infinite memory bandwidth it decodes 10 tok/s, bound by compute");
        assertThat(solve(slow, Unknown.COMPUTE, "20 tok/s").value()).isCloseTo(280e9, within(1e3));
    }

    @Test
    void refusesWhatIsMetAnywayAndWhatChangesNothing() {
        PlanRequest request = ideal(SEVEN_BILLION, "4");

        assertRefused(request, Unknown.BANDWIDTH, "0.0001 tok/s", Metric.DECODE, "already met at the lowest valid value");
        assertRefused(request, Unknown.CONTEXT, "20 tok/s", Metric.DECODE, "context makes no difference to 20 tok/s, which is met");
        assertRefused(request, Unknown.BANDWIDTH, "memory 3 GB", Metric.MEMORY, "makes no difference to memory <= 3 GB", "3.5 GB");
        PlanRequest withoutPeak = request.with(Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 1e11));
        assertRefused(withoutPeak, Unknown.BITS, "ttft 1 s", Metric.TTFT, "int8 peak");
        assertRefused(request, Unknown.BITS, "fits, 40 tok/s, ttft 1 ms", Metric.TTFT, "even with 1 bit a weight");
    }

    @Test
    void refusesAnUnknownThatTheRequestHasNoPlaceFor() {
        PlanRequest request = ideal(SEVEN_BILLION, "4");
        KernelTimes kernels = new KernelTimes(1, Map.of(), new Curve(new double[] {1}, new double[] {1e-10}), Map.of(), 1e9, Map.of(), 0, 0, 0);
        Device calibrated = new Device("this", "", "", PHONE.kind(), "", PHONE.accelerators(), PHONE.figures(), Optional.of(kernels));

        assertThatIllegalArgumentException().isThrownBy(() -> solve(request, Unknown.ACCEPTANCE, "20 tok/s"))
                .withMessageContaining("draft model");
        assertThatIllegalArgumentException().isThrownBy(() -> solve(request, Unknown.RTT, "20 tok/s")).withMessageContaining("cloud");
        assertThatIllegalArgumentException().isThrownBy(() -> solve(request.with(calibrated), Unknown.MBU, "20 tok/s"))
                .withMessageContaining("calibrated");
    }

    /** What does not fit is read from flash, if the flash is known; without it, the least capacity is the one where everything fits. */
    @Test
    void capacityIsWhatFitsOrWhatFlashCanSpare() {
        PlanRequest request = ideal(SEVEN_BILLION, "4").with(PHONE.with(Spec.MEMORY_RESERVED, 2e9));

        assertThat(solve(request, Unknown.CAPACITY, "20 tok/s").value()).isCloseTo(5.5e9, within(1.0));
        assertThat(solve(request, Unknown.CAPACITY, "fits").value()).isCloseTo(5.5e9, within(1.0));
        // 1/10 s a token, of which 3.5e9 / 76.8e9 for memory; the rest reads (1 - share) x 3.5e9 bytes at 4e9 bytes/s.
        PlanRequest flash = request.with(request.device().with(Spec.FLASH_READ, 4e9));
        assertThat(solve(flash, Unknown.CAPACITY, "10 tok/s").value()).isCloseTo(2e9 + 3.5e9 - 4e9 * (0.1 - 3.5 / 76.8), within(10.0));
    }

    /** Leviathan's formula turned round: with drafts for nothing, 3.69 tokens a round of 6 need an acceptance of 0.8. */
    @Test
    void acceptanceForAGain() {
        PlanRequest request = ideal(SEVEN_BILLION, "4")
                .with(new Drafting(ModelShape.ofParameters("draft", 1), Precision.named("4"), 5, 0.1));
        double plain = 76.8e9 / 3.5e9;

        assertThat(solve(request, Unknown.ACCEPTANCE, (plain * 3.68928) + " tok/s").value()).isCloseTo(0.8, within(1e-6));
        assertRefused(request, Unknown.ACCEPTANCE, (plain * 6.1) + " tok/s", Metric.DECODE, "even with acceptance 1");
    }

    /** Rounds of 5 drafts of 10 ms and a check of 30 ms give 3.68928 tokens: 20 tok/s leave 184.464 - 80 = 104.464 ms for the link. */
    @Test
    void longestRoundTripThatIsStillFastEnough() {
        Device cloud = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 3.5e9 / 0.030).with(Spec.INT8_PEAK, 1e18);
        PlanRequest request = ideal(SEVEN_BILLION, "4")
                .with(new Drafting(ModelShape.ofParameters("draft", 1_536_000_000L), Precision.named("4"), 5, 0.8))
                .with(new CloudLink(cloud, Efficiency.IDEAL, Precision.named("4"), 0.050));

        Solution solution = solve(request, Unknown.RTT, "20 tok/s");

        assertThat(solution.value()).isCloseTo(0.104464, within(1e-5));
        assertThat(solution.extreme()).isEqualTo(Extreme.MOST);
        assertThat(solution.binding()).isEqualTo(new Goal(Metric.TOGETHER, 20));
        assertRefused(request, Unknown.RTT, "100 tok/s", Metric.TOGETHER, "even with 0 s of round trip");
    }

    @Test
    void targetsDecideBetweenLeastAndMost() {
        PlanRequest request = ideal(LLAMA_2_7B, "INT4");

        assertThat(solve(request, Unknown.BATCH, "total 100 tok/s").extreme()).isEqualTo(Extreme.LEAST);
        assertThat(solve(request, Unknown.BATCH, "10 tok/s").extreme()).isEqualTo(Extreme.MOST);
        assertThat(solve(request, Unknown.BATCH, "total 60 tok/s, 10 tok/s").binding().metric()).isEqualTo(Metric.TOTAL);
        assertThat(solve(request, Unknown.BITS, "30 tok/s").extreme()).isEqualTo(Extreme.MOST);
        assertThat(solve(request, Unknown.MBU, "10 tok/s").extreme()).isEqualTo(Extreme.LEAST);
    }
}
