package dev.ondine.models;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Tensor;

/**
 * The gated feed-forward layer: down · (activation(gate · h) * (up · h)).
 *
 * @param gate [ffnDim, modelDim]
 * @param up   [ffnDim, modelDim]
 * @param down [modelDim, ffnDim]
 * @see <a href="https://arxiv.org/abs/2002.05202">arXiv:2002.05202</a>
 */
record GatedFeedForward(Tensor gate, Tensor up, Tensor down, Activation activation) {

    static GatedFeedForward of(WeightReader weights, String prefix, TransformerConfig config, Activation activation) {
        return new GatedFeedForward(
                weights.matrix(prefix + "ffn_gate.weight", config.ffnDim(), config.modelDim()),
                weights.matrix(prefix + "ffn_up.weight", config.ffnDim(), config.modelDim()),
                weights.matrix(prefix + "ffn_down.weight", config.modelDim(), config.ffnDim()), activation);
    }

    /** Reads and overwrites {@code h} of the workspace. */
    void forward(Kernels kernels, Workspace work) {
        kernels.matmul(gate, work.h, work.gate);
        kernels.matmul(up, work.h, work.up);
        kernels.gate(activation, work.gate, work.up);
        kernels.matmul(down, work.gate, work.h);
    }
}
