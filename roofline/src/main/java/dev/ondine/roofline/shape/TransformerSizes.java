package dev.ondine.roofline.shape;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that describe a transformer, as a config.json holds them.
 *
 * @param modelDim      channels between layers
 * @param ffnDim        inner channels of the feed-forward network, or of one expert
 * @param ffnMatrices   3 with a gate (SwiGLU, GeGLU), 2 without
 * @param contextLength tokens
 * @param window        most past tokens that windowed layers read; 0 without
 * @param globalEvery   of so many layers one reads everything; 0 if all are windowed, or there is no window
 * @param tied          whether the embedding gives the logits too
 * @param experts       of a layer; 0 for a dense model
 * @param activeExperts that the router chooses for a token
 * @param sharedFfnDim  inner channels of experts that every token uses; 0 without
 * @param denseLayers   first layers of a mixture that are dense
 * @param denseFfnDim   inner channels in those layers
 */
public record TransformerSizes(String name, int layers, int modelDim, int heads, int kvHeads, int headDim, long ffnDim, int ffnMatrices,
        long vocabSize, long contextLength, int window, int globalEvery, boolean tied, int experts, int activeExperts,
        long sharedFfnDim, int denseLayers, long denseFfnDim) {

    /** Without windows, experts or anything else out of the ordinary. */
    public static TransformerSizes dense(String name, int layers, int modelDim, int heads, int kvHeads, int headDim, long ffnDim,
            int ffnMatrices, long vocabSize, long contextLength, boolean tied) {
        return new TransformerSizes(name, layers, modelDim, heads, kvHeads, headDim, ffnDim, ffnMatrices, vocabSize, contextLength, 0, 0,
                tied, 0, 0, 0, 0, 0);
    }

    public ModelShape shape() {
        List<WeightGroup> weights = new ArrayList<>();
        weights.add(WeightGroup.of("token_embd", tied ? Role.TIED : Role.EMBEDDING, vocabSize, modelDim, 1));
        weights.add(WeightGroup.of("attn_q", Role.LAYER, (long) heads * headDim, modelDim, layers));
        weights.add(WeightGroup.of("attn_k", Role.LAYER, (long) kvHeads * headDim, modelDim, layers));
        weights.add(WeightGroup.of("attn_v", Role.LAYER, (long) kvHeads * headDim, modelDim, layers));
        weights.add(WeightGroup.of("attn_output", Role.LAYER, modelDim, (long) heads * headDim, layers));
        addFeedForward(weights);
        weights.add(WeightGroup.of("norm", Role.VECTOR, 1, modelDim, 2 * layers + 1));
        if (!tied) {
            weights.add(WeightGroup.of("output", Role.OUTPUT, vocabSize, modelDim, 1));
        }
        return new ModelShape(name, layers, modelDim, vocabSize, contextLength, weights, attention(), 0, activeExperts);
    }

    private void addFeedForward(List<WeightGroup> weights) {
        int dense = experts == 0 ? layers : denseLayers;
        if (dense > 0) {
            addMatrices(weights, "", experts == 0 ? ffnDim : denseFfnDim, dense);
        }
        if (experts > 0) {
            weights.add(WeightGroup.of("ffn_gate_inp", Role.LAYER, experts, modelDim, layers - dense));
            if (ffnMatrices == 3) {
                weights.add(WeightGroup.ofExperts("ffn_gate_exps", ffnDim, modelDim, layers - dense, experts));
            }
            weights.add(WeightGroup.ofExperts("ffn_up_exps", ffnDim, modelDim, layers - dense, experts));
            weights.add(WeightGroup.ofExperts("ffn_down_exps", modelDim, ffnDim, layers - dense, experts));
            if (sharedFfnDim > 0) {
                addMatrices(weights, "_shexp", sharedFfnDim, layers - dense);
            }
        }
    }

    private void addMatrices(List<WeightGroup> weights, String suffix, long inner, int copies) {
        if (ffnMatrices == 3) {
            weights.add(WeightGroup.of("ffn_gate" + suffix, Role.LAYER, inner, modelDim, copies));
        }
        weights.add(WeightGroup.of("ffn_up" + suffix, Role.LAYER, inner, modelDim, copies));
        weights.add(WeightGroup.of("ffn_down" + suffix, Role.LAYER, modelDim, inner, copies));
    }

    private List<AttentionGroup> attention() {
        int global = window == 0 ? layers : globalEvery == 0 ? 0 : layers / globalEvery;
        List<AttentionGroup> groups = new ArrayList<>();
        if (global > 0) {
            groups.add(AttentionGroup.of(global, heads, kvHeads, headDim, 0));
        }
        if (global < layers) {
            groups.add(AttentionGroup.of(layers - global, heads, kvHeads, headDim, window));
        }
        return groups;
    }
}
