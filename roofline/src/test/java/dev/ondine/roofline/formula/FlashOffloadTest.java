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

/** Tables of <a href="https://arxiv.org/abs/2312.11514">Alizadeh et al., LLM in a flash</a>. */
final class FlashOffloadTest {

    /** The paper computed with more digits than it prints, so its time lies between the ends of its inputs. */
    @ParameterizedTest(name = "{0}: {1} GB at {2} GB/s take {3} ms")
    @CsvSource({"naive, 13.4, 6.10, 2196", "hybrid, 6.7, 6.10, 1090", "predictor, 0.9, 1.25, 738", "windowing, 0.2, 1.25, 164",
        "bundling, 0.2, 2.25, 87"})
    @DisplayName("LLM in a flash, Table 2: OPT-6.7B on an M1 Max")
    void table(String method, double gigabytes, double throughput, double printedMilliseconds) {
        double milliseconds = 1e3 * FlashOffload.seconds(gigabytes * 1e9, throughput * 1e9);
        double least = 1e3 * FlashOffload.seconds((gigabytes - 0.05) * 1e9, (throughput + 0.005) * 1e9);
        double most = 1e3 * FlashOffload.seconds((gigabytes + 0.05) * 1e9, (throughput - 0.005) * 1e9);
        Published.show("LLM in a flash, Table 2, ms: " + method, milliseconds, printedMilliseconds);
        assertThat(printedMilliseconds).isBetween(least - 0.5, most + 0.5);
    }

    @Test
    @DisplayName("LLM in a flash, Table 2: 13.4 GB naively, 6.7 GB with half of OPT-6.7B in RAM")
    void resident() {
        double model = 6.7e9 * 2;
        assertDigits(FlashOffload.bytesPerToken(model, 0, 1, 1) / 1e9, "13.4");
        assertDigits(FlashOffload.bytesPerToken(model, 0.5, 1, 1) / 1e9, "6.7");
    }

    @Test
    @DisplayName("LLM in a flash: bundled rows are chunks twice as long; their throughput from the latency that the single rows show")
    void bundling() {
        double row = 4096 * 2;
        double latency = FlashOffload.latencySeconds(row, 1.25e9, 6.10e9);
        assertThat(FlashOffload.throughput(row, latency, 6.10e9)).isEqualTo(1.25e9, Offset.offset(1.0));
        double bundled = FlashOffload.throughput(2 * row, latency, 6.10e9);
        Published.show("LLM in a flash, Table 2, bundled rows, GB/s", bundled / 1e9, 2.25);
        assertDigits(bundled / 1e9, "2.07");
    }

    @Test
    @DisplayName("LLM in a flash: times faster end to end on OPT-6.7B, beside what input and output alone would give")
    void wholeSystem() {
        double io = 2196.0 / 87;
        Published.show("LLM in a flash, OPT-6.7B on an RTX 4090, times faster", io, 2218.0 / 84);
        Published.show("LLM in a flash, OPT-6.7B on a CPU, times faster", io, 3182.0 / 669);
        assertDigits(3182.0 / 669, "4.8");
        assertDigits(2218.0 / 84, "26");
    }

    @Test
    @DisplayName("deck D.8: 7B INT4 naively from UFS 4.0 takes 0.83 s per token")
    void phone() {
        assertDigits(FlashOffload.seconds(FlashOffload.bytesPerToken(3.5e9, 0, 1, 1), 4.2e9), "0.83");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> FlashOffload.bytesPerToken(1e9, 1.5, 1, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resident share is 1.5, expected 0 to 1");
        assertThat(FlashOffload.bytesPerToken(1e9, 0.5, 0.1, 0.2)).isEqualTo(1e7, exactly());
    }
}
