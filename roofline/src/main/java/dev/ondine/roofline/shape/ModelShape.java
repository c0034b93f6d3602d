package dev.ondine.roofline.shape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a model asks of a device: its matrices, its cache, its recurrent state.
 *
 * @param name          for people
 * @param layers        of the whole model; 0 where unknown
 * @param modelDim      channels between layers; 0 where unknown
 * @param vocabSize     0 where unknown
 * @param contextLength tokens that it was trained for; 0 where unknown or unbounded
 * @param weights       all parameters
 * @param attention     layers that keep keys and values; empty for recurrent models and where unknown
 * @param stateElements numbers that a sequence keeps however long it is: Mamba, RWKV
 * @param activeExperts that a token uses in each layer; 0 for a dense model
 */
public record ModelShape(String name, int layers, int modelDim, long vocabSize, long contextLength, List<WeightGroup> weights,
        List<AttentionGroup> attention, long stateElements, int activeExperts) {

    /** Far above any known model, and sums of it stay within a long. */
    private static final double MOST_PARAMETERS = 1e16;

    public ModelShape {
        weights = List.copyOf(weights);
        attention = List.copyOf(attention);
        if (weights.isEmpty()) {
            throw new IllegalArgumentException(name + ": a model has weights");
        }
        double parameters = weights.stream()
                .mapToDouble(group -> (double) group.outputs() * group.inputs() * group.copies() * group.experts()).sum();
        if (parameters > MOST_PARAMETERS) {
            throw new IllegalArgumentException("%s: %s parameters, expected at most %s".formatted(name, parameters, MOST_PARAMETERS));
        }
    }

    /** A model of which only the number of parameters is known: one matrix that every token multiplies. */
    public static ModelShape ofParameters(String name, long parameters) {
        return ofParameters(name, parameters, parameters);
    }

    /**
     * A mixture of which only the sizes are known. The active parameters count as read by every token; the rest lies in experts.
     * Which of them are shared is unknown, so a batch of several tokens is taken to use the same ones.
     */
    public static ModelShape ofParameters(String name, long parameters, long active) {
        List<WeightGroup> all = active >= parameters ? List.of(WeightGroup.of("all", Role.LAYER, 1, parameters, 1))
                : List.of(WeightGroup.of("active", Role.LAYER, 1, active, 1), WeightGroup.of("idle", Role.EMBEDDING, 1, parameters - active, 1));
        return new ModelShape(name, 0, 0, 0, 0, all, List.of(), 0, 0);
    }

    public long parameters() {
        return sum(group -> true);
    }

    /** Parameters that one token multiplies or looks up: all but idle experts. */
    public long activeParameters() {
        return weights.stream().mapToLong(group -> group.role() == Role.EXPERT
                ? group.parameters() / group.experts() * activeExperts : group.parameters()).sum();
    }

    public boolean isMixture() {
        return activeExperts > 0;
    }

    /** Experts of a layer; 0 for a dense model. */
    public int experts() {
        return isMixture() ? weights.stream().filter(group -> group.role() == Role.EXPERT).mapToInt(WeightGroup::experts).max().orElse(0) : 0;
    }

    public long expertParameters() {
        return sum(group -> group.role() == Role.EXPERT);
    }

    /** Numbers that one more token leaves in the caches of all layers, windows aside. */
    public long kvElementsPerToken() {
        return attention.stream().mapToLong(group -> group.layers() * group.kvElements()).sum();
    }

    /** Numbers that the caches hold after so many tokens: windows keep no more than their width. */
    public double kvElements(double depth) {
        return attention.stream().mapToDouble(group -> group.layers() * group.kvElements() * group.reach(depth)).sum();
    }

    /** The same in other formats than its file's: groups that differ in their format alone become one. */
    public ModelShape withoutStoredFormats() {
        Map<WeightGroup, Integer> copies = new LinkedHashMap<>();
        for (WeightGroup group : weights) {
            copies.merge(new WeightGroup(group.kind(), group.role(), group.outputs(), group.inputs(), 1, group.experts(), Optional.empty()),
                    group.copies(), Integer::sum);
        }
        List<WeightGroup> merged = copies.entrySet().stream().map(entry -> entry.getKey().times(entry.getValue())).toList();
        return new ModelShape(name, layers, modelDim, vocabSize, contextLength, merged, attention, stateElements, activeExperts);
    }

    /**
     * The same model with low-rank adapters that are not merged: beside each matrix of its layers one from its inputs to so many
     * channels and one from those to its outputs, stored like the weights.
     *
     * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al.: LoRA</a>
     */
    public ModelShape withAdapters(int rank) {
        if (rank < 1 || rank > 65_536) {
            throw new IllegalArgumentException("an adapter of rank %d, expected 1 to 65536".formatted(rank));
        }
        Stream<WeightGroup> adapters = weights.stream().filter(group -> group.role() == Role.LAYER && group.outputs() > 1)
                .map(group -> new WeightGroup(group.kind() + "_lora", Role.LAYER, rank, Math.addExact(group.inputs(), group.outputs()),
                        group.copies(), 1, group.stored()));
        return new ModelShape(name, layers, modelDim, vocabSize, contextLength, Stream.concat(weights.stream(), adapters).toList(), attention,
                stateElements, activeExperts);
    }

    private long sum(Predicate<WeightGroup> chosen) {
        return weights.stream().filter(chosen).mapToLong(WeightGroup::parameters).sum();
    }
}
