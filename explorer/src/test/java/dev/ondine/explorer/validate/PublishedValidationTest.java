package dev.ondine.explorer.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.ondine.explorer.validate.PublishedReport.Group;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.PublishedRate.Quantity;
import dev.ondine.roofline.catalogue.PublishedRate.Stack;
import dev.ondine.roofline.cost.Efficiency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cost model against speeds that others measured. */
final class PublishedValidationTest {

    private static final Catalogue CATALOGUE = Catalogue.builtIn();
    private static final PublishedReport REPORT = new PublishedValidation(CATALOGUE).run();

    @Test
    void medianErrorIsAtMostAFifth() {
        REPORT.pointRows().forEach(row -> System.out.println(String.join("  ", row)));
        REPORT.summaryTable().forEach(System.out::println);
        assertThat(REPORT.known().size()).isGreaterThanOrEqualTo(12);
        assertThat(REPORT.byDevice()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(REPORT.total().median()).isLessThanOrEqualTo(0.2);
    }

    /** Nobody has published the bandwidth of the Hailo-10H's memory; nothing else may hide behind that. */
    @Test
    void everyPointIsPredictedWhereTheBandwidthIsKnown() {
        assertThat(REPORT.residuals()).hasSameSizeAs(CATALOGUE.publishedRates());
        assertThat(REPORT.residuals()).filteredOn(residual -> !residual.isKnown()).extracting(residual -> residual.published().device())
                .containsExactly("hailo-10h");
    }

    /**
     * A token reads 28 x (2 x 3072 x 3072 + 2 x 3072 x 1024 + 3 x 3072 x 8192 + 2 x 3072) + 128,256 x 3072 + 3072 weights and one row
     * of 3072 at 4.5 bits, and writes and reads 114,688 bytes of its own keys and values: 1,807,402,880 bytes at 0.75 x 68 GB/s.
     */
    @Test
    void aSmallModelOnAJetsonByHand() {
        assertThat(residual("nvidia-orin-nano-llama-3.2-3b").predicted()).isCloseTo(51e9 / 1_807_402_880.0, withinPercentage(1e-6));
    }

    /**
     * A token reads 32 x (4 x 4096 x 4096 + 3 x 4096 x 11,008 + 20,480) + 151,936 x 4096 + 4096 weights and one row of 4096 in 16 bits
     * (its 659,456 norms and biases in 32, as files of that format have them), and 1,025 tokens' keys and values of 524,288 bytes; one is
     * written: 14,737,235,968 bytes at 0.3 x 2.04 TB/s.
     */
    @Test
    void aPlainStackOnAnAcceleratorByHand() {
        assertThat(residual("qwen-a100-qwen-7b-bf16").predicted()).isCloseTo(612e9 / 14_737_235_968.0, withinPercentage(1e-6));
    }

    @Test
    void twoDevicesHaveTwiceTheBandwidth() {
        assertThat(residual("kipply-2-a100-13b").predicted()).isCloseTo(2 * residual("kipply-a100-13b").predicted(),
                withinPercentage(1e-9));
    }

    @ParameterizedTest(name = "{0}: {1} %")
    @CsvSource({"nvidia-orin-nano-llama-3.1-8b, 87", "nvidia-orin-nano-super-llama-3.1-8b, 79", "nvidia-orin-nano-llama-3.2-3b, 74",
        "nvidia-orin-nano-super-llama-3.2-3b, 76", "nvidia-orin-nano-qwen2.5-7b, 83", "nvidia-orin-nano-super-qwen2.5-7b, 84",
        "nvidia-orin-nano-gemma-2-2b, 46", "nvidia-orin-nano-super-gemma-2-2b, 50", "normiebench-m4-llama-3.1-8b, 80"})
    @DisplayName("NVIDIA's Jetson table and normiebench 3: implied bandwidth utilisation, to a point")
    void impliedUtilisation(String id, int percent) {
        PublishedResidual residual = residual(id);
        double assumed = Efficiency.typical(CATALOGUE.device(residual.published().device()),
                CATALOGUE.model(residual.published().model()).shape()).memory();
        assertThat(100 * assumed / (1 + residual.relative())).isCloseTo(percent, within(1.0));
    }

    @Test
    void groupsHoldEachPointOnce() {
        assertThat(REPORT.byDevice().stream().mapToInt(Group::count).sum()).isEqualTo(REPORT.known().size());
        assertThat(REPORT.byKind().stream().mapToInt(Group::count).sum()).isEqualTo(REPORT.known().size());
        assertThat(REPORT.byKind()).extracting(Group::group).contains("decode, tuned", "decode, plain", "first token, tuned");
        assertThat(REPORT.known()).filteredOn(residual -> residual.published().quantity() == Quantity.DECODE
                && residual.published().stack() == Stack.TUNED).hasSizeGreaterThanOrEqualTo(12);
    }

    @Test
    void theCommittedReportIsThatOfToday() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/published.md")))
                .as("run ./ondine plan --published -o docs/published.md").isEqualTo(REPORT.markdown());
    }

    private static PublishedResidual residual(String id) {
        return REPORT.residuals().stream().filter(residual -> residual.published().id().equals(id)).findFirst().orElseThrow();
    }
}
