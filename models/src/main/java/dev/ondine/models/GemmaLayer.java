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

    static GemmaLayer of(WeightReader weights, String layer, TransformerConfig config) {
        return new GemmaLayer(
                weights.vector(layer + "attn_norm.weight", config.modelDim()),
                AttentionWeights.of(weights, layer, config),
                weights.vector(layer + "post_attention_norm.weight", config.modelDim()),
                weights.vector(layer + "ffn_norm.weight", config.modelDim()),
                GatedFeedForward.of(weights, layer, config, Activation.GELU_TANH),
                weights.vector(layer + "post_ffw_norm.weight", config.modelDim()));
    }
}
