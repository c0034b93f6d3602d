package dev.ondine.explorer.chart;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The charts of the deck, by name.
 *
 * <p>After Bor-Sung Liang, Computing Architecture for Large Language Models (LLMs) and Large Multimodal Models (LMMs), ISPD 2024. Its
 * drawings are not public as numbers: these follow from its formulas and sources.
 */
public final class Charts {

    private static final Map<String, BiFunction<Catalogue, ChartSettings, Chart>> BUILDERS = builders();

    private Charts() {
    }

    private static Map<String, BiFunction<Catalogue, ChartSettings, Chart>> builders() {
        Map<String, BiFunction<Catalogue, ChartSettings, Chart>> builders = new LinkedHashMap<>();
        builders.put("processors", (catalogue, settings) -> ProcessorCharts.bandwidth(catalogue));
        builders.put("processors-int8", (catalogue, settings) -> ProcessorCharts.int8Peak(catalogue));
        builders.put("model-sizes", ModelSizeCharts::overYears);
        builders.put("sizes", ModelSizeCharts::byFormat);
        builders.put("mbu", TokenSpeedCharts::byUtilisation);
        builders.put("token-speed-int8", (catalogue, settings) -> TokenSpeedCharts.bySize("token-speed-int8", "INT8", 8, settings));
        builders.put("token-speed-int4", (catalogue, settings) -> TokenSpeedCharts.bySize("token-speed-int4", "INT4", 4, settings));
        builders.put("experts", ExpertCharts::traffic);
        builders.put("expert-union", (catalogue, settings) -> ExpertCharts.union(catalogue));
        builders.put("speculation", (catalogue, settings) -> SpeculationCharts.byDraft(settings));
        builders.put("speculation-measured", (catalogue, settings) -> SpeculationCharts.measured());
        builders.put("device-cloud", (catalogue, settings) -> DeviceCloudChart.of(settings));
        builders.put("modalities", ModalityChart::of);
        return builders;
    }

    /** In the order of the deck. */
    public static List<String> names() {
        return new ArrayList<>(BUILDERS.keySet());
    }

    /** @throws IllegalArgumentException that offers the nearest names, if there is no such chart */
    public static Chart named(String id, Catalogue catalogue, ChartSettings settings) {
        BiFunction<Catalogue, ChartSettings, Chart> builder = BUILDERS.get(id);
        if (builder == null) {
            throw new IllegalArgumentException("no chart is called \"%s\"%s; there are %s".formatted(id,
                    Spelling.offer(id, BUILDERS.keySet()), String.join(", ", BUILDERS.keySet())));
        }
        return builder.apply(catalogue, settings);
    }
}
