package dev.ondine.models;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Tensor;

/**
 * The weights that llama, mistral and qwen layers have in common: a norm before attention, a norm before the feed-forward.
 *
 * @param attentionNorm   [modelDim]
 * @param feedForwardNorm [modelDim]
 */
record PreNormLayer(Tensor attentionNorm, AttentionWeights attention, Tensor feedForwardNorm, GatedFeedForward feedForward) {

    static PreNormLayer of(WeightReader weights, String prefix, TransformerConfig config) {
        return new PreNormLayer(
                weights.vector(prefix + "attn_norm.weight", config.modelDim()),
                AttentionWeights.of(weights, prefix, config),
                weights.vector(prefix + "ffn_norm.weight", config.modelDim()),
                GatedFeedForward.of(weights, prefix, config, Activation.SILU));
    }
}
