package dev.ondine.models;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The weights that llama, mistral and qwen layers have in common: a norm before attention, a norm before the feed-forward.
 *
 * @param attentionNorm   [modelDim]
 * @param feedForwardNorm [modelDim]
 */
record PreNormLayer(Tensor attentionNorm, AttentionWeights attention, Tensor feedForwardNorm, GatedFeedForward feedForward) {

    static PreNormLayer of(WeightReader weights, String layer, TransformerConfig config) {
        return new PreNormLayer(
                weights.vector(layer + "attn_norm.weight", config.modelDim()),
                AttentionWeights.of(weights, layer, config),
                weights.vector(layer + "ffn_norm.weight", config.modelDim()),
                GatedFeedForward.of(weights, layer, config, Activation.SILU));
    }

    /** One layer after another, read under its prefix {@code blk.N.}. */
    static <L> List<L> readAll(TransformerConfig config, Function<String, L> reader) {
        List<L> layers = new ArrayList<>(config.layers());
        for (int index = 0; index < config.layers(); index++) {
            layers.add(reader.apply("blk." + index + "."));
        }
        return List.copyOf(layers);
    }
}
