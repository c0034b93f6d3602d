package dev.ondine.roofline.solve;

import dev.ondine.roofline.shape.AttentionGroup;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A model of the same proportions in another size: a factor on all weights, keys, values, attention and state; as many layers.
 *
 * <p>Each matrix gets whole rows; what rounding leaves of all matrices of a role becomes one thin matrix of that role, so that the
 * sum is exact to a parameter. Keys and values are exact to one number a token.
 */
public final class ScaledShape {

    private static final double WIDEST_HEAD = 1e9;

    private ScaledShape() {
    }

    /** @param factor on the number of parameters */
    public static ModelShape of(ModelShape shape, double factor) {
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a model cannot be scaled by %s, expected more than 0".formatted(factor));
        }
        return new ModelShape(shape.name(), shape.layers(), shape.modelDim(), shape.vocabSize(), shape.contextLength(),
                weights(shape, factor), shape.attention().stream().flatMap(group -> attention(group, factor).stream()).toList(),
                Math.round(shape.stateElements() * factor), shape.activeExperts());
    }

    private static List<WeightGroup> weights(ModelShape shape, double factor) {
        List<WeightGroup> scaled = new ArrayList<>();
        Map<Role, Double> missing = new EnumMap<>(Role.class);
        Map<Role, WeightGroup> first = new EnumMap<>(Role.class);
        for (WeightGroup group : shape.weights()) {
            WeightGroup changed = group.outputs() == 1 ? sized(group, 1, vector(group, factor), group.copies())
                    : sized(group, (long) (group.outputs() * factor), group.inputs(), group.copies());
            scaled.add(changed);
            missing.merge(group.role(), group.parameters() * factor - changed.parameters(), Double::sum);
            first.putIfAbsent(group.role(), group);
        }
        missing.forEach((role, parameters) -> {
            long inputs = Math.round(parameters / first.get(role).experts());
            if (inputs > 0) {
                scaled.add(sized(first.get(role), 1, inputs, 1));
            }
        });
        return scaled;
    }

    /** Rounded down if there are several, so that what is missing can be added. */
    private static long vector(WeightGroup group, double factor) {
        double inputs = group.inputs() * factor;
        return group.copies() * group.experts() == 1 ? Math.round(inputs) : (long) inputs;
    }

    private static WeightGroup sized(WeightGroup group, long outputs, long inputs, int copies) {
        return new WeightGroup(group.kind(), group.role(), Math.max(1, outputs), Math.max(1, inputs), copies,
                group.experts(), group.stored());
    }

    /** Some layers keep one number more than the others. Only the product of heads and channels counts, so it is few wide heads. */
    private static List<AttentionGroup> attention(AttentionGroup group, double factor) {
        long elements = Math.round(group.layers() * group.kvElements() * factor);
        int more = (int) (elements % group.layers());
        double channels = group.heads() * (double) group.headDim() * factor;
        int heads = (int) Math.ceil(channels / WIDEST_HEAD);
        int headDim = heads == 0 ? 0 : (int) Math.round(channels / heads);
        AttentionGroup less = new AttentionGroup(group.layers() - more, heads, headDim, elements / group.layers(), group.window());
        return more == 0 ? List.of(less)
                : List.of(less, new AttentionGroup(more, heads, headDim, elements / group.layers() + 1, group.window()));
    }
}
