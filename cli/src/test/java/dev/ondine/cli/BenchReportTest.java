package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.models.KvLayout;
import dev.ondine.tensor.NumberFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchReportTest {

    // Two heads of 32 numbers: keys and values of a position take 256 bytes in each of the two layers; the second sees 10 positions.
    private static final KvLayout LAYOUT = KvLayout.of(2, 32, NumberFormat.F16, 0, 10);
    private static final ModelSummary SUMMARY = new ModelSummary(1_000, 2_000, 1_500, Map.of());

    private static double mbu(BenchCase test, double... rates) {
        var report = new BenchReport("m", SUMMARY, LAYOUT, 1, "k", 1e6, List.of());
        return report.mbu(new BenchReport.Line(test, rates));
    }

    @Test
    void mbuCountsWeightsAndCacheOfTheMeanPosition() {
        double bytes = 1_500 + 256 * (100 + 4) + 256 * 10;

        assertThat(mbu(new BenchCase(0, 8, 100, 1), 20)).isCloseTo(bytes * 20 / 1e6, within(1e-12));
    }

    @Test
    void mbuReadsWeightsOnceForSequencesThatDecodeTogether() {
        double bytes = 1_500 + 4 * (256 * (100 + 4) + 256 * 10);

        assertThat(mbu(new BenchCase(0, 8, 100, 4), 20)).isCloseTo(bytes * (20 / 4.0) / 1e6, within(1e-12));
    }

    @Test
    void findsMedianAndDeviation() {
        var odd = new BenchReport.Line(new BenchCase(8, 0, 0, 1), new double[] {9, 1, 2});
        var even = new BenchReport.Line(new BenchCase(8, 0, 0, 1), new double[] {1, 3});

        assertThat(odd.median()).isEqualTo(2);
        assertThat(even.median()).isEqualTo(2);
        assertThat(even.standardDeviation()).isCloseTo(Math.sqrt(2), within(1e-12));
    }

    @Test
    void namesTestsAsLlamaBenchDoes() {
        assertThat(new BenchCase(512, 0, 0, 1).name()).isEqualTo("pp512");
        assertThat(new BenchCase(0, 128, 4096, 1).name()).isEqualTo("tg128@d4096");
        assertThat(new BenchCase(0, 128, 0, 8).name()).isEqualTo("tg128 b8");
    }
}
