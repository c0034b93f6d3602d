package dev.ondine.models;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Tensor;

/**
 * The weights that Gemma 2 and 3 layers have in common: norms before and after attention and feed-forward.
 *
 * @param attentionNorm       [modelDim]
 * @param attentionPostNorm   [modelDim]
 * @param feedForwardNorm     [modelDim]
 * @param feedForwardPostNorm [modelDim]
 */
record GemmaLayer(Tensor attentionNorm, AttentionWeights attention, Tensor attentionPostNorm, Tensor feedForwardNorm,
                  GatedFeedForward feedForward, Tensor feedForwardPostNorm) {

    static GemmaLayer of(WeightReader weights, String prefix, TransformerConfig config) {
        return new GemmaLayer(
                weights.vector(prefix + "attn_norm.weight", config.modelDim()),
                AttentionWeights.of(weights, prefix, config),
                weights.vector(prefix + "post_attention_norm.weight", config.modelDim()),
                weights.vector(prefix + "ffn_norm.weight", config.modelDim()),
                GatedFeedForward.of(weights, prefix, config, Activation.GELU_TANH),
                weights.vector(prefix + "post_ffw_norm.weight", config.modelDim()));
    }

    /**
     * The factor on query · key: 1 / √headDim, but 1 / √(modelDim / heads) in the 27B model. Files do not say so; as in llama.cpp, the
     * model is known by its layers.
     */
    static float queryScale(TransformerConfig config, int layersOf27B) {
        return config.layers() == layersOf27B ? (float) (1 / Math.sqrt((double) config.modelDim() / config.heads())) : config.queryScale();
    }
}
