package dev.ondine.roofline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.tensor.NumberFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables behind the charts of Liang, "Computing Architecture for Large Language Models and Large Multimodal Models", ISPD 2024. */
final class ChartGoldensTest {

    private static final String[] FORMATS = {"FP32", "FP16", "INT8", "Q8_0", "Q6_K", "Q4_0", "MXFP4", "INT4", "Q2_K"};
    private static final double[] BILLIONS = {1, 1.8, 2.7, 3.25, 7, 13, 33, 70, 175};

    /** The facts print 36.7 GB for the largest in MXFP4: 69.0 billion x 4.25 / 8. Its 68.98 billion take 36.64 GB. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Llama-3.2-1B, 4.94 2.47 1.24 1.31 1.01 0.70 0.66 0.62 0.41",
        "Llama-3.2-3B, 12.85 6.43 3.21 3.41 2.64 1.81 1.71 1.61 1.05",
        "Llama-2-7B, 26.95 13.48 6.74 7.16 5.53 3.79 3.58 3.37 2.21",
        "Llama-2-13B, 52.1 26.0 13.0 13.8 10.7 7.32 6.91 6.51 4.27",
        "Mixtral-8x7B, 186.8 93.4 46.7 49.6 38.3 26.3 24.8 23.4 15.3",
        "Llama-2-70B, 275.9 138.0 69.0 73.3 56.6 38.8 36.6 34.5 22.6"})
    @DisplayName("slide 14: gigabytes by model and number format")
    void sizes(String model, String printed) {
        ModelShape shape = shape(model);
        String[] gigabytes = printed.split(" ");
        for (int i = 0; i < FORMATS.length; i++) {
            double bytes = new Precision.Uniform(StoredFormat.named(FORMATS[i])).bytes(shape);
            assertDigits(bytes / 1e9, gigabytes[i], model + " in " + FORMATS[i]);
        }
    }

    @ParameterizedTest(name = "{0} GB/s: {1}")
    @CsvSource({
        "51.2, 51/102 28/57 19/38 16/32 7.3/14.6 3.9/7.9 1.6/3.1 .7/1.5 .3/.6",
        "68.3, 68/137 38/76 25/51 21/42 9.8/19.5 5.3/10.5 2.1/4.1 1.0/2.0 .4/.8",
        "76.8, 77/154 43/85 28/57 24/47 11.0/21.9 5.9/11.8 2.3/4.7 1.1/2.2 .4/.9",
        "84.8, 85/170 47/94 31/63 26/52 12.1/24.2 6.5/13.0 2.6/5.1 1.2/2.4 .5/1.0",
        "120, 120/240 67/133 44/89 37/74 17.1/34.3 9.2/18.5 3.6/7.3 1.7/3.4 .7/1.4",
        "400, 400/800 222/444 148/296 123/246 57/114 31/62 12/24 5.7/11.4 2.3/4.6",
        "3350, 3350/6700 1861/3722 1241/2481 1031/2062 479/957 258/515 102/203 48/96 19/38"})
    @DisplayName("slides 16 and 17: tokens/s under the bandwidth limit, INT8/INT4, by bandwidth and billions of parameters")
    void tokenSpeed(double gigabytesPerSecond, String printed) {
        String[] pairs = printed.split(" ");
        for (int i = 0; i < BILLIONS.length; i++) {
            String[] pair = pairs[i].split("/");
            assertDigits(tokensPerSecond(gigabytesPerSecond, BILLIONS[i], "INT8"), pair[0], BILLIONS[i] + "B in INT8");
            assertDigits(tokensPerSecond(gigabytesPerSecond, BILLIONS[i], "INT4"), pair[1], BILLIONS[i] + "B in INT4");
        }
    }

    private static double tokensPerSecond(double gigabytesPerSecond, double billions, String format) {
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, gigabytesPerSecond * 1e9);
        ModelShape shape = ModelShape.ofParameters(billions + "B", Math.round(billions * 1e9));
        Demand demand = Demand.of(shape, new Precision.Uniform(StoredFormat.named(format)), StoredFormat.F16, Step.decode(1, 0));
        return 1 / new RooflineModel(device, Efficiency.IDEAL).time(demand).seconds();
    }

    @ParameterizedTest(name = "{0}: {1} bits")
    @CsvSource({"Q8_0, 8.5", "Q4_0, 4.5", "Q4_1, 5.0", "Q5_0, 5.5", "MXFP4, 4.25", "Q2_K, 2.625", "Q3_K, 3.4375", "Q4_K, 4.5",
        "Q5_K, 5.5", "Q6_K, 6.5625"})
    @DisplayName("ggml: bits of a weight, scales included")
    void blocks(NumberFormat format, double bits) {
        assertThat(StoredFormat.of(format).bitsPerWeight()).isEqualTo(bits);
    }

    @Test
    @DisplayName("groups: b + (s + z) / g; 4 bits with a 16-bit scale for 32 are Q4_0, with a 16-bit minimum Q4_1")
    void groups() {
        assertThat(StoredFormat.grouped("4 bits", 4, 16, 0, 32).bitsPerWeight()).isEqualTo(4.5);
        assertThat(StoredFormat.grouped("4 bits", 4, 16, 16, 32).bitsPerWeight()).isEqualTo(5);
        assertThat(StoredFormat.grouped("4 bits", 4, 16, 4, 128).bitsPerWeight()).isEqualTo(4.15625);
    }

    @Test
    @DisplayName("slide 21: Mixtral 8x7B has 46.70B parameters and uses 12.88B")
    void mixture() {
        assertDigits(shape("Mixtral-8x7B").parameters() / 1e9, "46.70", "all");
        assertDigits(shape("Mixtral-8x7B").activeParameters() / 1e9, "12.88", "active");
    }

    private static ModelShape shape(String model) {
        return Catalogue.builtIn().model(model.toLowerCase(Locale.ROOT)).fullShape().orElseThrow();
    }

    private static void assertDigits(double computed, String printed, String what) {
        BigDecimal wanted = new BigDecimal(printed);
        assertThat(new BigDecimal(computed).setScale(wanted.scale(), RoundingMode.HALF_UP)).as("%s: %s", what, computed)
                .isEqualByComparingTo(wanted);
    }
}
