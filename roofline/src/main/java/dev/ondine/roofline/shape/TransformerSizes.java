package dev.ondine.roofline.shape;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that describe a transformer, as a config.json holds them.
 *
 * @param modelDim      channels between layers
 * @param contextLength tokens; 0 where unbounded
 * @param tied          whether the embedding gives the logits too
 * @param positions     rows of a table of learned positions; 0 without
 * @param layerVectors  numbers in the norms and biases of one layer
 * @param outerVectors  numbers in the norms and biases outside layers
 */
public record TransformerSizes(String name, int layers, int modelDim, AttentionSizes attention, FeedForwardSizes feedForward,
        long vocabSize, long contextLength, boolean tied, long positions, long layerVectors, long outerVectors) {

    /** Two norms without biases in each layer, one after the last; no learned positions. */
    public static TransformerSizes plain(String name, int layers, int modelDim, AttentionSizes attention, FeedForwardSizes feedForward,
            long vocabSize, long contextLength, boolean tied) {
        return new TransformerSizes(name, layers, modelDim, attention, feedForward, vocabSize, contextLength, tied, 0, 2L * modelDim, modelDim);
    }

    /** Without windows, experts or anything else out of the ordinary. */
    public static TransformerSizes dense(String name, int layers, int modelDim, int heads, int kvHeads, int headDim, long ffnDim,
            int ffnMatrices, long vocabSize, long contextLength, boolean tied) {
        return plain(name, layers, modelDim, new AttentionSizes.Grouped(heads, kvHeads, headDim, 0, 0),
                FeedForwardSizes.dense(ffnDim, ffnMatrices), vocabSize, contextLength, tied);
    }

    /** The same with other norms and biases: numbers in one layer, and outside layers. */
    public TransformerSizes withVectors(long inLayer, long outside) {
        return new TransformerSizes(name, layers, modelDim, attention, feedForward, vocabSize, contextLength, tied, positions, inLayer, outside);
    }

    /** The same with a table of learned positions. */
    public TransformerSizes withPositions(long rows) {
        return new TransformerSizes(name, layers, modelDim, attention, feedForward, vocabSize, contextLength, tied, rows, layerVectors,
                outerVectors);
    }

    public ModelShape shape() {
        List<WeightGroup> weights = new ArrayList<>();
        weights.add(WeightGroup.of("token_embd", tied ? Role.TIED : Role.EMBEDDING, vocabSize, modelDim, 1));
        if (positions > 0) {
            weights.add(WeightGroup.of("position_embd", Role.EMBEDDING, positions, modelDim, 1));
        }
        weights.addAll(attention.weights(modelDim, layers));
        weights.addAll(feedForward.weights(modelDim, layers));
        addVectors(weights, "layer_vectors", layerVectors, layers);
        addVectors(weights, "output_vectors", outerVectors, 1);
        if (!tied) {
            weights.add(WeightGroup.of("output", Role.OUTPUT, vocabSize, modelDim, 1));
        }
        return new ModelShape(name, layers, modelDim, vocabSize, contextLength, weights, attention.groups(layers), 0,
                feedForward.activeExperts());
    }

    private static void addVectors(List<WeightGroup> weights, String kind, long elements, int copies) {
        if (elements > 0) {
            weights.add(WeightGroup.of(kind, Role.VECTOR, 1, elements, copies));
        }
    }
}
