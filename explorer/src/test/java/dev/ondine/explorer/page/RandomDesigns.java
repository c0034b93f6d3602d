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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Devices and models of any size, some of whose figures are unknown. */
final class RandomDesigns {

    private final RandomGenerator random;

    RandomDesigns(RandomGenerator random) {
        this.random = random;
    }

    Device device(String id) {
        Map<Spec, Figure> figures = new EnumMap<>(Spec.class);
        know(figures, Spec.MEMORY_BANDWIDTH, 1, 1e10, 5e12);
        know(figures, Spec.MEMORY_CAPACITY, 0.8, 4e9, 1e12);
        know(figures, Spec.MEMORY_RESERVED, 0.5, 1e8, 2e9);
        know(figures, Spec.SHARED_TRAFFIC, 0.4, 1e8, 5e9);
        know(figures, Spec.INT8_PEAK, 0.7, 1e11, 2e15);
        know(figures, Spec.FP16_PEAK, 0.6, 1e11, 1e15);
        know(figures, Spec.FP8_PEAK, 0.3, 1e12, 2e15);
        know(figures, Spec.MEMORY_EFFICIENCY, 0.3, 0.2, 1);
        know(figures, Spec.COMPUTE_EFFICIENCY, 0.3, 0.2, 1);
        know(figures, Spec.STEP_OVERHEAD, 0.3, 1e-5, 1e-2);
        know(figures, Spec.FLASH_READ, 0.7, 1e9, 1e10);
        know(figures, Spec.IDLE_POWER, 0.4, 0.1, 100);
        know(figures, Spec.MEMORY_ENERGY, 0.5, 3e-12, 2e-11);
        know(figures, Spec.MAC_ENERGY, 0.4, 1e-13, 1e-12);
        return new Device(id, "Device " + id, "", DeviceKind.values()[random.nextInt(5)], "", List.of(), figures, Optional.empty());
    }

    private void know(Map<Spec, Figure> figures, Spec spec, double chance, double least, double most) {
        if (random.nextDouble() < chance) {
            figures.put(spec, new Figure(between(least, most), Trust.ASSUMED, "chance"));
        }
    }

    /** Evenly on a logarithmic scale. */
    double between(double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    int whole(double least, double most) {
        return (int) Math.round(between(least, most));
    }

    ModelCard card(String id) {
        ModelShape shape = model(id);
        Figure unknown = Figure.unknown("chance");
        return new ModelCard(id, id, "", "", unknown, Figure.assumed(shape.parameters(), "chance"), unknown, unknown, Optional.of(shape),
                List.of("text"), Map.of(), "", "");
    }

    ModelShape model(String name) {
        return switch (random.nextInt(5)) {
            case 0 -> ModelShape.ofParameters(name, (long) between(1e8, 1e12));
            case 1 -> ModelShape.ofParameters(name, (long) between(1e11, 1e12), (long) between(1e9, 9e10));
            default -> transformer(name);
        };
    }

    private ModelShape transformer(String name) {
        int layers = whole(2, 100);
        int dim = 64 * whole(2, 200);
        long vocabulary = whole(1000, 260_000);
        boolean tied = random.nextBoolean();
        int experts = random.nextBoolean() ? whole(4, 256) : 0;
        List<WeightGroup> weights = new ArrayList<>();
        weights.add(WeightGroup.of("token_embd", tied ? Role.TIED : Role.EMBEDDING, vocabulary, dim, 1));
        weights.add(WeightGroup.of("attn_q", Role.LAYER, dim, dim, layers));
        weights.add(WeightGroup.of("ffn_up", Role.LAYER, 3L * dim, dim, layers));
        weights.add(WeightGroup.of("norm", Role.VECTOR, 1, dim, 2 * layers + 1));
        if (experts > 0) {
            weights.add(WeightGroup.ofExperts("ffn_up_exps", dim, dim, layers, experts));
            weights.add(WeightGroup.ofExperts("ffn_down_exps", dim, dim, layers, experts));
            weights.add(WeightGroup.ofExperts("ffn_gate_exps", dim, dim, layers, experts / 2));
        }
        if (!tied) {
            weights.add(WeightGroup.of("output", Role.OUTPUT, vocabulary, dim, 1));
        }
        List<AttentionGroup> attention = List.of(AttentionGroup.of(layers, dim / 64, Math.max(1, dim / 256), 64, 0),
                AttentionGroup.of(layers, dim / 64, 1, 64, whole(64, 8192)));
        return new ModelShape(name, layers, dim, vocabulary, 0, weights, attention, random.nextBoolean() ? whole(1, 1e7) : 0,
                experts > 0 ? whole(1, experts / 2) : 0);
    }
}
