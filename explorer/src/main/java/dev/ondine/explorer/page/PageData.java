package dev.ondine.explorer.page;

import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.DeviceKind;
import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Trust;
import dev.ondine.roofline.shape.AttentionGroup;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a page knows of devices and models: what its formulas need, no more. */
final class PageData {

    private static final JsonMapper JSON = new JsonMapper();

    /** What the page lets people see or change. */
    private static final List<Spec> FIGURES = List.of(Spec.MEMORY_BANDWIDTH, Spec.MEMORY_CAPACITY, Spec.MEMORY_RESERVED,
            Spec.SHARED_TRAFFIC, Spec.INT8_PEAK, Spec.FP16_PEAK, Spec.FP8_PEAK, Spec.MEMORY_EFFICIENCY, Spec.COMPUTE_EFFICIENCY,
            Spec.STEP_OVERHEAD, Spec.FLASH_READ, Spec.IDLE_POWER, Spec.MEMORY_ENERGY, Spec.MAC_ENERGY);

    private static final Set<Role> LOOKED_UP = Set.of(Role.EMBEDDING, Role.TIED);
    private static final Set<Role> GIVES_LOGITS = Set.of(Role.OUTPUT, Role.TIED);

    private PageData() {
    }

    /** A JSON object that can stand inside HTML: it has no {@code <}. What nothing follows for is left out. */
    static String json(List<Device> devices, List<ModelCard> models, Map<String, String> start) {
        ObjectNode data = JSON.createObjectNode();
        ArrayNode shownDevices = data.putArray("devices");
        devices.stream().filter(device -> device.knows(Spec.MEMORY_BANDWIDTH)).sorted(Comparator.comparing(Device::kind))
                .forEach(device -> shownDevices.add(device(device)));
        ArrayNode shownModels = data.putArray("models");
        models.stream().filter(card -> card.hasSize() && card.modalities().contains("text"))
                .sorted(Comparator.comparingDouble((ModelCard card) -> card.year().or(0)).reversed())
                .forEach(card -> shownModels.add(model(card)));
        ObjectNode first = data.putObject("start");
        new TreeMap<>(start).forEach(first::put);
        return JSON.writeValueAsString(data).replace("<", "\\u003c");
    }

    private static ObjectNode device(Device device) {
        ObjectNode node = JSON.createObjectNode().put("id", device.id()).put("name", device.name()).put("kind", heading(device.kind()));
        ObjectNode figures = node.putObject("figures");
        for (Spec spec : FIGURES) {
            Figure figure = device.figure(spec);
            if (figure.isKnown()) {
                figures.putArray(spec.key()).add(figure.value()).add(figure.trust().name().toLowerCase(Locale.ROOT));
            }
        }
        return node;
    }

    private static String heading(DeviceKind kind) {
        return switch (kind) {
            case PHONE -> "Phones";
            case PC -> "Computers";
            case EDGE -> "Edge boards";
            case CLOUD -> "Cloud";
            case WHAT_IF -> "What if";
        };
    }

    /** The weights by what a step does with them; with one format for all, that is all that its cost depends on. */
    private static ObjectNode model(ModelCard card) {
        ModelShape shape = card.shape();
        ObjectNode node = JSON.createObjectNode().put("id", card.id()).put("name", card.name()).put("maker", card.maker())
                .put("rumoured", card.parameters().trust() == Trust.RUMOURED)
                .put("parameters", shape.parameters()).put("activeParameters", shape.activeParameters())
                .put("vocabSize", shape.vocabSize())
                // Of a model of which only sizes are known, what lies in a table of one row is what no token reads.
                .put("lookup", shape.weights().stream().filter(group -> LOOKED_UP.contains(group.role()) && group.outputs() > 1)
                        .mapToLong(WeightGroup::inputs).sum())
                .put("layer", elements(shape, group -> group.role() == Role.LAYER))
                .put("output", elements(shape, group -> GIVES_LOGITS.contains(group.role())))
                .put("vector", elements(shape, group -> group.role() == Role.VECTOR))
                .put("activeExperts", shape.activeExperts()).put("state", shape.stateElements());
        ArrayNode experts = node.putArray("experts");
        shape.weights().stream().filter(group -> group.role() == Role.EXPERT).mapToInt(WeightGroup::experts).distinct().sorted()
                .forEach(count -> experts.addObject().put("experts", count)
                        .put("elements", elements(shape, group -> group.role() == Role.EXPERT && group.experts() == count)));
        ArrayNode attention = node.putArray("attention");
        shape.attention().forEach(group -> attention.add(attention(group)));
        return node;
    }

    private static ObjectNode attention(AttentionGroup group) {
        return JSON.createObjectNode().put("layers", group.layers()).put("heads", group.heads()).put("headDim", group.headDim())
                .put("kvElements", group.kvElements()).put("window", group.window());
    }

    /** Of all layers, of one expert. */
    private static long elements(ModelShape shape, Predicate<WeightGroup> chosen) {
        return shape.weights().stream().filter(chosen).mapToLong(group -> group.parameters() / group.experts()).sum();
    }
}
