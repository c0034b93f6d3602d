package dev.ondine.roofline.shape;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of the feed-forward networks of a model.
 *
 * @param inner         channels of the network, or of one expert
 * @param matrices      3 with a gate (SwiGLU, GeGLU), 2 without
 * @param experts       of a layer; 0 for a dense model
 * @param activeExperts that the router chooses for a token
 * @param sharedInner   channels of experts that every token uses; 0 without
 * @param denseLayers   first layers of a mixture that are dense
 * @param denseInner    channels in those layers
 * @param expertVectors numbers in the biases of one expert
 */
public record FeedForwardSizes(long inner, int matrices, int experts, int activeExperts, long sharedInner, int denseLayers,
        long denseInner, long expertVectors) {

    /** The same network in every layer. */
    public static FeedForwardSizes dense(long inner, int matrices) {
        return new FeedForwardSizes(inner, matrices, 0, 0, 0, 0, 0, 0);
    }

    /** Experts with gates in every layer, none shared. */
    public static FeedForwardSizes mixture(long inner, int experts, int activeExperts) {
        return new FeedForwardSizes(inner, 3, experts, activeExperts, 0, 0, 0, 0);
    }

    List<WeightGroup> weights(int modelDim, int layers) {
        List<WeightGroup> weights = new ArrayList<>();
        int dense = experts == 0 ? layers : denseLayers;
        if (dense > 0) {
            addMatrices(weights, "", experts == 0 ? inner : denseInner, modelDim, dense);
        }
        if (layers > dense) {
            addExperts(weights, modelDim, layers - dense);
        }
        return weights;
    }

    private void addExperts(List<WeightGroup> weights, int modelDim, int layers) {
        weights.add(WeightGroup.of("ffn_gate_inp", Role.LAYER, experts, modelDim, layers));
        if (matrices == 3) {
            weights.add(WeightGroup.ofExperts("ffn_gate_exps", inner, modelDim, layers, experts));
        }
        weights.add(WeightGroup.ofExperts("ffn_up_exps", inner, modelDim, layers, experts));
        weights.add(WeightGroup.ofExperts("ffn_down_exps", modelDim, inner, layers, experts));
        if (expertVectors > 0) {
            weights.add(WeightGroup.ofExperts("ffn_bias_exps", 1, expertVectors, layers, experts));
        }
        if (sharedInner > 0) {
            addMatrices(weights, "_shexp", sharedInner, modelDim, layers);
        }
    }

    private void addMatrices(List<WeightGroup> weights, String suffix, long channels, int modelDim, int layers) {
        if (matrices == 3) {
            weights.add(WeightGroup.of("ffn_gate" + suffix, Role.LAYER, channels, modelDim, layers));
        }
        weights.add(WeightGroup.of("ffn_up" + suffix, Role.LAYER, channels, modelDim, layers));
        weights.add(WeightGroup.of("ffn_down" + suffix, Role.LAYER, modelDim, channels, layers));
    }
}
