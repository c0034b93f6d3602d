package dev.ondine.roofline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.formula.BandwidthUtilisation;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decode rates that others measured: what they say of the bandwidth, and how far typical efficiency is from them. */
final class PublishedRatesTest {

    /** The context lengths are not published, so caches are left out. Utilisation as in the facts, D.3, to a point. */
    @ParameterizedTest(name = "{0}: {1} at {2} bits, {4} tokens/s, {5} %")
    @CsvSource({
        "Orin Nano, Llama-3.1-8B, 4.5, 68, 14.0, 87", "Orin Nano Super, Llama-3.1-8B, 4.5, 102.4, 19.14, 79",
        "Orin Nano, Llama-3.2-3B, 4.5, 68, 27.7, 74", "Orin Nano Super, Llama-3.2-3B, 4.5, 102.4, 43.07, 76",
        "Orin Nano, Qwen2.5-7B, 4.5, 68, 14.2, 83", "Orin Nano Super, Qwen2.5-7B, 4.5, 102.4, 21.75, 84",
        "Orin Nano, Gemma-2-2B, 4.5, 68, 21.5, 46", "Orin Nano Super, Gemma-2-2B, 4.5, 102.4, 34.97, 50",
        "A100-80 with Transformers, Qwen-7B, 16, 2040, 40.9, 28",
        "Mac mini M4, Llama-3.1-8B, 4.85, 120, 20.9, 80", "M1 Max, Llama-3.1-8B, 4.85, 400, 46.2, 52"})
    @DisplayName("NVIDIA's Jetson table, Qwen's README, normiebench: implied bandwidth utilisation")
    void utilisation(String system, String model, double bits, double gigabytesPerSecond, double rate, int percent) {
        Device device = Device.imaginary().with(Spec.MEMORY_BANDWIDTH, gigabytesPerSecond * 1e9);
        Demand demand = Demand.of(shape(model), new Precision.Uniform(StoredFormat.ofBits(bits)), StoredFormat.F16, Step.decode(1, 0));
        double share = BandwidthUtilisation.share(demand.weightBytes(), 0, 1 / rate, gigabytesPerSecond * 1e9);
        assertThat(100 * share).isEqualTo(percent, Offset.offset(1.0));
        double predicted = 1 / new RooflineModel(device, Efficiency.typical(device, shape(model))).time(demand).seconds();
        System.out.printf("%-28s %-14s predicted %6.1f tokens/s  published %6.1f  error %+6.1f %%%n", system, model, predicted, rate,
                100 * (predicted / rate - 1));
    }

    private static ModelShape shape(String model) {
        return switch (model) {
            case "Llama-3.1-8B" -> TransformerSizes.dense(model, 32, 4096, 32, 8, 128, 14_336, 3, 128_256, 131_072, false).shape();
            case "Llama-3.2-3B" -> TransformerSizes.dense(model, 28, 3072, 24, 8, 128, 8192, 3, 128_256, 131_072, true).shape();
            case "Qwen2.5-7B" -> TransformerSizes.dense(model, 28, 3584, 28, 4, 128, 18_944, 3, 152_064, 131_072, false).shape();
            case "Gemma-2-2B" -> TransformerSizes.dense(model, 26, 2304, 8, 4, 256, 9216, 3, 256_000, 8192, true).shape();
            case "Qwen-7B" -> TransformerSizes.dense(model, 32, 4096, 32, 32, 128, 11_008, 3, 151_936, 32_768, false).shape();
            default -> throw new IllegalArgumentException(model);
        };
    }
}
