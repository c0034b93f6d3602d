package dev.ondine.models;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Weight;

/**
 * The gated feed-forward layer: down · (activation(gate · h) * (up · h)).
 *
 * @param gateAndUp each [ffnDim, modelDim]
 * @param down      [modelDim, ffnDim]
 * @see <a href="https://arxiv.org/abs/2002.05202">arXiv:2002.05202</a>
 */
record GatedFeedForward(Weight[] gateAndUp, Weight down, Activation activation) {

    static GatedFeedForward of(WeightReader weights, String prefix, TransformerConfig config, Activation activation) {
        return new GatedFeedForward(new Weight[] {
            weights.matrix(prefix + "ffn_gate.weight", config.ffnDim(), config.modelDim()),
            weights.matrix(prefix + "ffn_up.weight", config.ffnDim(), config.modelDim())},
                weights.matrix(prefix + "ffn_down.weight", config.modelDim(), config.ffnDim()), activation);
    }

    /** Reads and overwrites {@code h} of the workspace. */
    void forward(Kernels kernels, Workspace work) {
        kernels.matmul(gateAndUp, work.h, work.gateAndUp);
        kernels.gate(activation, work.gate, work.up);
        kernels.matmul(down, work.gate, work.h);
    }
}
