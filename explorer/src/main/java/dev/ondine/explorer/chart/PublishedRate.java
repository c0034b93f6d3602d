package dev.ondine.explorer.chart;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.formula.BandwidthUtilisation;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A decode rate that somebody published.
 *
 * @param model          id in the catalogue
 * @param format         of its weights, or bits a weight
 * @param bytesPerSecond peak bandwidth of the system
 * @param isClaim        whether it is a maker's claim, not a measurement
 */
record PublishedRate(String system, String model, String format, double bytesPerSecond, double tokensPerSecond, boolean isClaim,
        String source) {

    private static final String NVIDIA = "NVIDIA, Jetson Orin Nano Super (4.5 bits a weight taken)";
    private static final String DATABRICKS = "Databricks, LLM Inference Performance Engineering";
    private static final String NORMIEBENCH = "normiebench";
    private static final String KIPPLY = "kipply, Transformer Inference Arithmetic";

    static final List<PublishedRate> ALL = List.of(
            new PublishedRate("Dimensity 9300, claimed", "llama-2-7b", "INT4", 76.8e9, 20, true, "vivo and MediaTek, press"),
            measured("Orin Nano", "llama-3.1-8b", "4.5", 68e9, 14.0, NVIDIA),
            measured("Orin Nano Super", "llama-3.1-8b", "4.5", 102.4e9, 19.14, NVIDIA),
            measured("Orin Nano", "llama-3.2-3b", "4.5", 68e9, 27.7, NVIDIA),
            measured("Orin Nano Super", "llama-3.2-3b", "4.5", 102.4e9, 43.07, NVIDIA),
            measured("Orin Nano", "qwen2.5-7b", "4.5", 68e9, 14.2, NVIDIA),
            measured("Orin Nano Super", "qwen2.5-7b", "4.5", 102.4e9, 21.75, NVIDIA),
            measured("Orin Nano", "gemma-2-2b", "4.5", 68e9, 21.5, NVIDIA),
            measured("Orin Nano Super", "gemma-2-2b", "4.5", 102.4e9, 34.97, NVIDIA),
            measured("A100, HF Transformers", "qwen-7b", "FP16", 2.04e12, 40.9, "QwenLM/Qwen README"),
            measured("Mac mini M4", "llama-3.1-8b", "Q4_K_M", 120e9, 20.9, NORMIEBENCH),
            measured("M1 Max", "llama-3.1-8b", "Q4_K_M", 400e9, 46.2, NORMIEBENCH),
            measured("A100-40", "llama-2-13b", "FP16", 1.555e12, 1 / 22.0e-3, KIPPLY));

    private static PublishedRate measured(String system, String model, String format, double bytesPerSecond, double tokensPerSecond,
            String source) {
        return new PublishedRate(system, model, format, bytesPerSecond, tokensPerSecond, false, source);
    }

    /** Model bandwidth utilisation with an empty cache; embeddings that are only looked up are not read. */
    double utilisation(Catalogue catalogue) {
        ModelShape shape = catalogue.model(model).shape();
        double bytes = Demand.of(shape, Precision.named(format), StoredFormat.F16, Step.decode(1, 0)).weightBytes();
        return BandwidthUtilisation.share(bytes, 0, 1 / tokensPerSecond, bytesPerSecond);
    }

    String label() {
        return system + ", " + model;
    }

    static List<String> sources() {
        return Stream.concat(Stream.of(DATABRICKS), ALL.stream().map(PublishedRate::source)).distinct().toList();
    }
}
