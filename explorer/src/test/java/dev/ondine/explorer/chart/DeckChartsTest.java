package dev.ondine.explorer.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.formula.ReadingSpeed;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden numbers of Liang's ISPD 2024 talk and the sources under it, read off the charts themselves. */
final class DeckChartsTest {

    private static final Catalogue CATALOGUE = Catalogue.builtIn();
    private static final ChartSettings USUAL = ChartSettings.usual();

    /** The facts print 36.7 GB for the largest in MXFP4: 69.0 billion x 4.25 / 8. Its 68.98 billion take 36.64 GB. */
    @ParameterizedTest
    @DisplayName("Slide 14: size of a model in each format, parameters x bits / 8, to the digits given")
    @CsvSource(delimiter = '|', textBlock = """
            Llama 3.2 1B | 4.94  | 2.47  | 1.24 | 1.31 | 1.01 | 0.70 | 0.66 | 0.62 | 0.41
            Llama 3.2 3B | 12.85 | 6.43  | 3.21 | 3.41 | 2.64 | 1.81 | 1.71 | 1.61 | 1.05
            Llama 2 7B   | 26.95 | 13.48 | 6.74 | 7.16 | 5.53 | 3.79 | 3.58 | 3.37 | 2.21
            Llama 2 13B  | 52.1  | 26.0  | 13.0 | 13.8 | 10.7 | 7.32 | 6.91 | 6.51 | 4.27
            Mixtral 8x7B | 186.8 | 93.4  | 46.7 | 49.6 | 38.3 | 26.3 | 24.8 | 23.4 | 15.3
            Llama 2 70B  | 275.9 | 138.0 | 69.0 | 73.3 | 56.6 | 38.8 | 36.6 | 34.5 | 22.6
            """)
    void sizes(String model, String fp32, String fp16, String int8, String q8, String q6, String q4, String mxfp4, String int4, String q2) {
        Chart chart = chart("sizes");
        int place = chart.x().categories().indexOf(model);
        List<String> printed = List.of(fp32, fp16, int8, q8, q6, q4, mxfp4, int4, q2);
        for (int i = 0; i < printed.size(); i++) {
            assertDigits(chart.series().get(i).points().get(place).y(), printed.get(i), model + " " + chart.series().get(i).name());
        }
    }

    @ParameterizedTest
    @DisplayName("Slides 16 and 17: ideal token speed, INT8 and INT4, to the digits given")
    @CsvSource(delimiter = '|', textBlock = """
            51.2 | 51/102   28/57     19/38     16/32     7.3/14.6  3.9/7.9  1.6/3.1 .7/1.5   .3/.6
            68.3 | 68/137   38/76     25/51     21/42     9.8/19.5  5.3/10.5 2.1/4.1 1.0/2.0  .4/.8
            76.8 | 77/154   43/85     28/57     24/47     11.0/21.9 5.9/11.8 2.3/4.7 1.1/2.2  .4/.9
            84.8 | 85/170   47/94     31/63     26/52     12.1/24.2 6.5/13.0 2.6/5.1 1.2/2.4  .5/1.0
            120  | 120/240  67/133    44/89     37/74     17.1/34.3 9.2/18.5 3.6/7.3 1.7/3.4  .7/1.4
            400  | 400/800  222/444   148/296   123/246   57/114    31/62    12/24   5.7/11.4 2.3/4.6
            3350 | 3350/6700 1861/3722 1241/2481 1031/2062 479/957  258/515  102/203 48/96    19/38
            """)
    void tokenSpeed(String bandwidth, String printed) {
        List<Point> int8 = chart("token-speed-int8").series(bandwidth + " GB/s").points();
        List<Point> int4 = chart("token-speed-int4").series(bandwidth + " GB/s").points();
        String[] pairs = printed.strip().split("\\s+");
        assertThat(pairs).hasSize(int8.size());
        for (int i = 0; i < pairs.length; i++) {
            assertDigits(int8.get(i).y(), pairs[i].split("/")[0], bandwidth + " GB/s, INT8, " + int8.get(i).x() + "B");
            assertDigits(int4.get(i).y(), pairs[i].split("/")[1], bandwidth + " GB/s, INT4, " + int4.get(i).x() + "B");
        }
    }

    @Test
    @DisplayName("Slides 16, 17 and 25: lines at 5.56 and 22.2, or 8.33 and 33.3 tok/s (Brysbaert 2019; SemiAnalysis)")
    void readers() {
        Chart generous = chart("token-speed-int4");
        assertThat(generous.references()).extracting(ReferenceLine::label)
                .containsExactly("reading silently, 238 wpm", "normal reading, 250 wpm", "skimming, 1000 wpm");
        assertLines(generous, "7.93", "8.33", "33.3");
        assertLines(Charts.named("token-speed-int8", CATALOGUE, USUAL.withTokensPerWord(ReadingSpeed.TYPICAL_TOKENS_PER_WORD)),
                "5.29", "5.56", "22.2");
    }

    private static void assertLines(Chart chart, String... printed) {
        for (int i = 0; i < printed.length; i++) {
            assertDigits(chart.references().get(i).value(), printed[i], chart.references().get(i).label());
        }
    }

    @Test
    @DisplayName("Half the bandwidth gives half the speed")
    void utilisationScales() {
        Chart half = Charts.named("token-speed-int4", CATALOGUE, USUAL.withMbu(0.5));
        assertThat(half.series("76.8 GB/s").points().get(4).y())
                .isCloseTo(chart("token-speed-int4").series("76.8 GB/s").points().get(4).y() / 2, within(1e-12));
    }

    @ParameterizedTest
    @DisplayName("Slide 15: utilisation implied by published rates, to a percent (NVIDIA, Qwen, kipply); claims are hollow")
    @CsvSource(delimiter = '|', textBlock = """
            Orin Nano, llama-3.1-8b            | 87
            Orin Nano Super, llama-3.1-8b      | 79
            Orin Nano, llama-3.2-3b            | 74
            Orin Nano Super, llama-3.2-3b      | 76
            Orin Nano, qwen2.5-7b              | 83
            Orin Nano Super, qwen2.5-7b        | 84
            Orin Nano, gemma-2-2b              | 46
            Orin Nano Super, gemma-2-2b        | 50
            A100, HF Transformers, qwen-7b     | 28
            A100-40, llama-2-13b               | 76
            """)
    void published(String label, double percent) {
        Point point = chart("mbu").series("published").points().stream().filter(one -> one.label().equals(label)).findFirst().orElseThrow();
        assertThat(point.x()).isCloseTo(percent, within(1.0));
        assertThat(point.hollow()).isFalse();
    }

    @Test
    @DisplayName("Slide 21: Mixtral touches 2.0, 3.5, 5.5, 7.2, 7.9 experts; 7.24 GB a token in Q4_0 (arXiv:2401.04088)")
    void experts() {
        List<Point> union = chart("expert-union").series("Mixtral 8x7B (2 of 8)").points();
        String[] printed = {"2.0", "3.5", "5.5", "7.2", "7.9"};
        for (int i = 0; i < printed.length; i++) {
            assertDigits(union.get(i).y(), printed[i], "batch " + union.get(i).x());
        }
        double read = Charts.named("experts", CATALOGUE, USUAL.withBits(4.5)).series("Mixtral 8x7B (2 of 8)").points().getFirst().y();
        // A token looks one row of the embedding up; the published count has the whole.
        double table = 32_000 * 4096 * 4.5 / 8 / 1e9;
        assertDigits(read + table, "7.24", "GB a token");
    }

    @ParameterizedTest
    @DisplayName("Slide 22: Leviathan et al. 2023, table 1: speed-up without a cost of drafting")
    @CsvSource({"0.6,2,1.96", "0.7,3,2.53", "0.8,2,2.44", "0.8,5,3.69", "0.9,2,2.71", "0.9,10,6.86"})
    void speculation(String acceptance, int draftTokens, String printed) {
        ChartSettings free = USUAL.with(new ChartSettings.Drafts(List.of(0.6, 0.7, 0.8, 0.9), List.of(0.0), 10));
        Chart chart = Charts.named("speculation", CATALOGUE, free);
        assertDigits(chart.series("α " + acceptance + ", c 0").points().get(draftTokens - 1).y(), printed, acceptance + ", " + draftTokens);
    }

    @Test
    @DisplayName("Slide 22: Leviathan et al. 2023, table 4: expected speed-ups to 0.1, from α and c as printed, and the measured ones")
    void speculationTable() {
        Chart chart = chart("speculation-measured");
        double[] printed = {3.2, 3.3, 2.5, 2.3, 2.4, 2.0, 2.4, 2.6, 2.0, 1.9, 1.8, 1.6};
        for (int i = 0; i < printed.length; i++) {
            assertThat(chart.series("expected").points().get(i).y()).as(chart.x().categories().get(i)).isCloseTo(printed[i], within(0.1));
        }
        assertThat(chart.series("measured").points()).extracting(Point::y)
                .containsExactly(3.4, 2.8, 1.7, 2.6, 2.4, 1.4, 3.1, 3.0, 2.2, 2.3, 2.2, 1.7);
    }

    @Test
    @DisplayName("Slide 23: E / (γ t_draft + RTT + t_verify): 3.69 tokens in 130 ms = 28.4 tok/s, against 33.3 streamed")
    void deviceCloud() {
        Chart chart = chart("device-cloud");
        assertDigits(at(chart, "draft here, check there, γ 5", 50), "28.4", "together");
        assertDigits(at(chart, "cloud alone, streamed", 50), "33.3", "cloud");
        assertDigits(at(chart, "device alone", 50), "21.9", "7B INT4 at 76.8 GB/s");
        assertThat(at(chart, "the same, device drafts on meanwhile", 50)).isGreaterThan(at(chart, "draft here, check there, γ 5", 50));
        assertThat(chart.notes().getFirst()).contains("3.69 tokens");
    }

    private static double at(Chart chart, String series, double x) {
        return chart.series(series).points().stream().filter(point -> Math.abs(point.x() - x) < 1e-9).findFirst().orElseThrow().y();
    }

    @Test
    @DisplayName("Slide 8: models from AlexNet to 10T; rumoured sizes are hollow, unknown ones are missing")
    void models() {
        Chart chart = chart("model-sizes");
        assertThat(named(chart, "AlexNet").y()).isEqualTo(0.060);
        assertThat(named(chart, "M6-10T").y()).isEqualTo(10_000);
        assertThat(chart.points().filter(Point::hollow)).extracting(Point::label).contains("GPT-4", "Olympus")
                .doesNotContain("M6-10T", "Llama 2 7B");
        assertThat(chart.points()).extracting(Point::label).doesNotContain("Claude 2");
        assertThat(chart.series("fits a phone: the device branch").points()).extracting(Point::label)
                .contains("Gemini Nano-1", "Llama 2 7B");
    }

    @Test
    @DisplayName("Slide 5: the bus of a phone and the memory of the cloud: 76.8 GB/s and 3350 GB/s")
    void processors() {
        assertThat(named(chart("processors"), "Dimensity 9300").y()).isCloseTo(76.8, within(1e-9));
        assertThat(named(chart("processors"), "H100 SXM").y()).isCloseTo(3350, within(1e-9));
        assertThat(named(chart("processors-int8"), "H100 SXM").y()).isCloseTo(1979, within(1e-9));
    }

    @Test
    @DisplayName("Slide 27: 576 tokens of an image (LLaVA-1.5), 50 a second of speech (Whisper); a phone decodes 21.9")
    void modalities() {
        Chart chart = chart("modalities");
        List<String> flows = chart.x().categories();
        List<Point> tokens = chart.series().getFirst().points();
        assertThat(tokens.get(flows.indexOf("LLaVA-1.5 (CLIP-L/14, 336 x 336)")).y()).isEqualTo(576);
        assertThat(tokens.get(flows.indexOf("Whisper encoder")).y()).isEqualTo(50);
        ReferenceLine phone = chart.references().stream().filter(line -> line.label().equals("Dimensity 9300 decodes")).findFirst()
                .orElseThrow();
        assertDigits(phone.value(), "21.9", "phone");
    }

    private static Point named(Chart chart, String label) {
        return chart.points().filter(point -> point.label().equals(label)).findFirst().orElseThrow();
    }

    @Test
    void unknownNamesAreAnsweredWithNearOnes() {
        assertThatThrownBy(() -> Charts.named("model-size", CATALOGUE, USUAL)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"model-size\"").hasMessageContaining("nearest: model-sizes");
    }

    @Test
    void impossibleSettingsAreRefusedWithTheRange() {
        assertThatThrownBy(() -> USUAL.withMbu(1.5)).hasMessage("mbu is 1.5, expected 0.001 to 1.0");
        assertThatThrownBy(() -> USUAL.withBits(0)).hasMessageContaining("bits of a weight is 0.0");
    }

    private static Chart chart(String name) {
        return Charts.named(name, CATALOGUE, USUAL);
    }

    private static void assertDigits(double computed, String printed, String what) {
        BigDecimal wanted = new BigDecimal(printed);
        assertThat(new BigDecimal(computed).setScale(wanted.scale(), RoundingMode.HALF_UP)).as("%s: %s", what, computed)
                .isEqualByComparingTo(wanted);
    }
}
