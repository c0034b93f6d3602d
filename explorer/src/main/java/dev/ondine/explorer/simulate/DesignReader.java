package dev.ondine.explorer.simulate;

import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.TransformerSizes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** Device, model and format out of a scenario file. */
public final class DesignReader {

    private static final double MOST_PARAMETERS = 1e14;

    private DesignReader() {
    }

    public static DesignPoint design(JsonPlace root) {
        JsonPlace device = root.require("device").object("id", "figures");
        JsonPlace model = root.require("model").object("id", "name", "parameters", "active parameters", "transformer");
        if (model.find("id").isPresent() == (model.find("parameters").isPresent() || model.find("transformer").isPresent())) {
            throw model.wrong("either an \"id\", or \"parameters\" or a \"transformer\"");
        }
        Optional<JsonPlace> efficiency = root.find("efficiency").map(place -> place.object("memory", "compute"));
        Optional<JsonPlace> scheduler = root.find("scheduler").map(place -> place.object("batch", "chunk"));
        return new DesignPoint(device.find("id").map(JsonPlace::text).orElse(""), figures(device),
                model.find("id").map(JsonPlace::text).orElse(""), shapeUnlessNamed(model),
                format(root.require("format")), root.find("cache format").map(DesignReader::cacheFormat).orElse(StoredFormat.F16.name()),
                share(efficiency, "memory", Spec.MEMORY_EFFICIENCY), share(efficiency, "compute", Spec.COMPUTE_EFFICIENCY),
                scheduler.flatMap(place -> place.find("batch")).map(place -> place.whole(1, 4096)).orElse(4),
                scheduler.flatMap(place -> place.find("chunk")).map(place -> place.whole(1, 8192)).orElse(256));
    }

    private static Optional<ModelShape> shapeUnlessNamed(JsonPlace model) {
        return model.find("id").isPresent() ? Optional.empty() : Optional.of(shape(model));
    }

    private static OptionalDouble share(Optional<JsonPlace> efficiency, String key, Spec spec) {
        return efficiency.flatMap(place -> place.find(key))
                .map(place -> OptionalDouble.of(place.quantity(Unit.SHARE, spec.least(), spec.most())))
                .orElse(OptionalDouble.empty());
    }

    private static Map<Spec, Double> figures(JsonPlace device) {
        Map<Spec, Double> figures = new EnumMap<>(Spec.class);
        device.find("figures").ifPresent(place -> {
            place.object(Stream.of(Spec.values()).map(Spec::key).toArray(String[]::new));
            for (Spec spec : Spec.values()) {
                place.find(spec.key()).ifPresent(value -> figures.put(spec, value.quantity(spec.unit(), spec.least(), spec.most())));
            }
        });
        return figures;
    }

    private static String format(JsonPlace place) {
        return checked(place, place.node().isNumber() ? place.node().toString() : place.text(), Precision::named);
    }

    private static String cacheFormat(JsonPlace place) {
        return checked(place, place.text(), StoredFormat::named);
    }

    private static String checked(JsonPlace place, String name, Function<String, ?> reading) {
        try {
            reading.apply(name);
            return name;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place.path() + ": " + e.getMessage(), e);
        }
    }

    private static ModelShape shape(JsonPlace model) {
        String name = model.find("name").map(JsonPlace::text).orElse("a model");
        if (model.find("transformer").isPresent()) {
            return transformer(name, model.require("transformer"));
        }
        long parameters = (long) model.require("parameters").number(1, MOST_PARAMETERS);
        return ModelShape.ofParameters(name, parameters,
                model.find("active parameters").map(place -> (long) place.number(1, parameters)).orElse(parameters));
    }

    /** @see TransformerSizes */
    private static ModelShape transformer(String name, JsonPlace sizes) {
        sizes.object("layers", "modelDim", "heads", "kvHeads", "headDim", "ffnDim", "vocabSize", "contextLength", "tied", "window",
                "windowedLayers", "experts", "activeExperts");
        int layers = sizes.require("layers").whole(1, 1000);
        int window = optional(sizes, "window", 1_000_000_000);
        AttentionSizes attention = new AttentionSizes.Grouped(sizes.require("heads").whole(1, 10_000),
                sizes.require("kvHeads").whole(1, 10_000), sizes.require("headDim").whole(1, 10_000), window,
                window == 0 ? 0 : sizes.require("windowedLayers").whole(1, layers));
        return TransformerSizes.plain(name, layers, sizes.require("modelDim").whole(1, 1_000_000), attention, feedForward(sizes),
                sizes.require("vocabSize").whole(1, 100_000_000), optional(sizes, "contextLength", 1_000_000_000),
                sizes.find("tied").map(JsonPlace::truth).orElse(false)).shape();
    }

    private static FeedForwardSizes feedForward(JsonPlace sizes) {
        int inner = sizes.require("ffnDim").whole(1, 10_000_000);
        int experts = optional(sizes, "experts", 10_000);
        return experts == 0 ? FeedForwardSizes.dense(inner, 3)
                : FeedForwardSizes.mixture(inner, experts, sizes.require("activeExperts").whole(1, experts));
    }

    private static int optional(JsonPlace sizes, String key, int most) {
        return sizes.find(key).map(place -> place.whole(0, most)).orElse(0);
    }
}
