package dev.ondine.roofline.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImprovementsTest {

    private static final int ALL = 100;
    private static final ModelShape LLAMA_2_7B =
            TransformerSizes.dense("Llama 2 7B", 32, 4096, 32, 32, 128, 11008, 3, 32000, 4096, false).shape();
    private static final Device PHONE = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, 76.8e9).with(Spec.MEMORY_CAPACITY, 16e9)
            .with(Spec.INT8_PEAK, 40e12);

    private static PlanRequest request(String format) {
        return PlanRequest.of(LLAMA_2_7B, Precision.named(format), PHONE).with(Workload.USUAL.withContext(2048).withBatch(2));
    }

    private static List<String> words(List<Improvement> improvements) {
        return improvements.stream().map(Improvement::words).toList();
    }

    @ParameterizedTest
    @EnumSource
    void gainsAreThoseOfTheForwardModel(Aim aim) {
        Plan plan = Planner.plan(request("Q8_0"));

        List<Improvement> improvements = Improvements.best(plan, ALL, aim);

        assertThat(improvements).isNotEmpty().isSortedAccordingTo(Comparator.comparing(Improvement::gain).reversed());
        assertThat(improvements).allSatisfy(improvement -> {
            Plan again = Planner.plan(improvement.plan().request());
            double expected = switch (aim) {
                case DECODE -> again.decode().tokensPerSecond() / plan.decode().tokensPerSecond();
                case TTFT -> plan.ttftSeconds() / again.ttftSeconds();
                case TOTAL -> again.totalTokensPerSecond() / plan.totalTokensPerSecond();
            };
            assertThat(improvement.gain()).isCloseTo(expected, within(1e-12)).isGreaterThanOrEqualTo(1.02);
        });
        assertThat(Improvements.best(plan, 2, aim)).isEqualTo(improvements.stream().limit(2).toList());
    }

    /** Weights of 8.5 bits take 7.02 GB of each step, of 4.5 bits 3.72 GB; a cache of 2049 tokens for each of two sequences 2.15 GB. */
    @Test
    void saysWhatHelpsInAPlainSentence() {
        List<String> words = words(Improvements.best(Planner.plan(request("Q8_0")), ALL));

        assertThat(words).anyMatch(line -> line.matches("4\\.5 instead of 8\\.5 bits a weight: 1\\.6 times as fast "
                + "\\(Q4_0; quality 0\\.\\d+ % lower by the proxy\\)"))
                .contains("102.1 GB/s instead of 76.8 GB/s: 1.3 times as fast (memory of the next generation)",
                        "0.9 instead of 0.75 of the memory bandwidth used: 1.2 times as fast (a more efficient program)")
                .anyMatch(line -> line.startsWith("keys and values in Q8_0 instead of F16: 1.1 times"))
                .anyMatch(line -> line.startsWith("a draft model of a tenth of the size that proposes "))
                .anyMatch(line -> line.startsWith("1 instead of 2 sequences at once: 1."))
                .anyMatch(line -> line.startsWith("a context of 1024 instead of 2048 tokens: 1."));
    }

    @Test
    void moreSequencesHelpAllTogetherAndAPeakTheFirstToken() {
        Plan plan = Planner.plan(request("Q8_0"));

        assertThat(words(Improvements.best(plan, ALL, Aim.TOTAL))).anyMatch(line -> line.startsWith("4 instead of 2 sequences at once"));
        assertThat(words(Improvements.best(plan, 1, Aim.TTFT)))
                .containsExactly("80 TOPS instead of 40 TOPS: 1.9 times as fast (twice the peak)");
        assertThat(words(Improvements.best(plan, ALL))).noneMatch(line -> line.contains("TOPS"));
    }

    @Test
    void makesItFitFirst() {
        PlanRequest large = request("FP16").with(PHONE.with(Spec.MEMORY_CAPACITY, 12e9));

        List<Improvement> improvements = Improvements.best(Planner.plan(large), 3);

        assertThat(improvements.getFirst().nowFits()).isTrue();
        assertThat(words(improvements)).anyMatch(line -> line.matches("16 GB instead of 12 GB of memory: fits, [0-9.]+ tok/s"))
                .anyMatch(line -> line.matches("8 instead of 16 bits a weight: fits, .*tok/s \\(INT8; quality .*"));
    }

    @Test
    void improvesTheDraftThatThereIs() {
        PlanRequest drafted = request("INT4").with(Efficiency.IDEAL).with(Workload.USUAL)
                .with(new Drafting(ModelShape.ofParameters("draft", 100_000_000), Precision.named("4"), 1, 0.8));

        assertThat(words(Improvements.best(Planner.plan(drafted), ALL)))
                .anyMatch(line -> line.matches("drafts of \\d+ tokens instead of 1: .*")).noneMatch(line -> line.contains("a draft model"))
                .anyMatch(line -> line.matches("an acceptance of 0\\.9 instead of 0\\.8: .* \\(with drafts of \\d+ tokens\\)"));
    }

    /** Of a machine that measured Q8_0 alone, only what its measurements cover is proposed. */
    @Test
    void proposesForACalibratedMachineOnlyWhatItMeasured() {
        Curve curve = new Curve(new double[] {1, 64}, new double[] {1e-10, 1e-9});
        KernelTimes kernels = new KernelTimes(2, Map.of(), new Curve(new double[] {1e6}, new double[] {1e-10}),
                Map.of("Q8_0", curve, "F32", curve), 1e9, Map.of("F16", new KernelTimes.AttentionTimes(1e-10, 1e-11, 1e9)), 0, 1e-6, 1e-5);
        Device machine = new Device("this", "", "", PHONE.kind(), "", PHONE.accelerators(), PHONE.figures(), Optional.of(kernels));

        List<String> words = words(Improvements.best(Planner.plan(request("Q8_0").with(machine)), ALL));

        assertThat(words).noneMatch(line -> line.contains("bits a weight") || line.contains("GB/s") || line.contains("keys and values"))
                .anyMatch(line -> line.startsWith("a draft model")).anyMatch(line -> line.startsWith("a context of 1024"));
    }
}
