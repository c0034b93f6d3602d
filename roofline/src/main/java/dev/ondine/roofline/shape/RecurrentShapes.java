package dev.ondine.roofline.shape;

import java.util.List;

/** The shapes of published architectures that keep a state of constant size instead of keys and values. */
public final class RecurrentShapes {

    private RecurrentShapes() {
    }

    /**
     * Mamba, with a tied output. The state counts as many inputs of the convolution as it is wide.
     *
     * @param stateDim  numbers of each inner channel, N
     * @param conv      width of the convolution
     * @param expand    inner channels for each channel of the model
     * @param stepRank  rank of the step's projection; usually modelDim / 16, rounded up
     * @see <a href="https://arxiv.org/abs/2312.00752">Mamba</a>
     * @see <a href="https://github.com/state-spaces/mamba">state-spaces/mamba, whose tensors these are</a>
     */
    public static ModelShape mamba(String name, int layers, int modelDim, long vocabSize, int stateDim, int conv, int expand, int stepRank) {
        long inner = Math.multiplyExact((long) expand, modelDim);
        long vectors = Math.addExact(modelDim, Math.multiplyExact(inner, stateDim + conv + 3L));
        List<WeightGroup> weights = List.of(
                WeightGroup.of("token_embd", Role.TIED, vocabSize, modelDim, 1),
                WeightGroup.of("ssm_in", Role.LAYER, 2 * inner, modelDim, layers),
                WeightGroup.of("ssm_x", Role.LAYER, stepRank + 2L * stateDim, inner, layers),
                WeightGroup.of("ssm_dt", Role.LAYER, inner, stepRank, layers),
                WeightGroup.of("ssm_out", Role.LAYER, modelDim, inner, layers),
                // A norm; then for each inner channel decays, convolution, two biases and the skip.
                WeightGroup.of("layer_vectors", Role.VECTOR, 1, vectors, layers),
                WeightGroup.of("output_vectors", Role.VECTOR, 1, modelDim, 1));
        long state = Math.multiplyExact(Math.multiplyExact((long) layers, inner), (long) stateDim + conv);
        return new ModelShape(name, layers, modelDim, vocabSize, 0, weights, List.of(), state, 0);
    }

    /**
     * RWKV-4: 2VD + 13D²L + D(11L + 4) parameters, 5LD numbers of state. Its authors keep the state in FP32.
     *
     * @param contextLength that it was trained with; it can run beyond
     * @see <a href="https://arxiv.org/abs/2305.13048">RWKV, table 2 and appendix</a>
     */
    public static ModelShape rwkv4(String name, int layers, int modelDim, long vocabSize, long contextLength) {
        return rwkv(name, layers, modelDim, vocabSize, contextLength, 4, 4L * modelDim, 11, 5);
    }

    /**
     * RWKV-5: as version 4 with a gate, a narrower feed-forward network and a matrix of state for each head.
     *
     * @param headDim channels of a head; the state has as many numbers for each channel, and two inputs kept for the next token
     * @see <a href="https://arxiv.org/abs/2404.05892">Eagle and Finch</a>
     */
    public static ModelShape rwkv5(String name, int layers, int modelDim, long vocabSize, long contextLength, int headDim) {
        return rwkv(name, layers, modelDim, vocabSize, contextLength, 5, modelDim * 7L / 2 / 32 * 32, 14, headDim + 2);
    }

    private static ModelShape rwkv(String name, int layers, int modelDim, long vocabSize, long contextLength, int mixMatrices, long inner,
            int vectors, int statePerChannel) {
        List<WeightGroup> weights = List.of(
                WeightGroup.of("token_embd", Role.EMBEDDING, vocabSize, modelDim, 1),
                WeightGroup.of("time_mix", Role.LAYER, (long) mixMatrices * modelDim, modelDim, layers),
                WeightGroup.of("channel_mix_key", Role.LAYER, inner, modelDim, layers),
                WeightGroup.of("channel_mix_value", Role.LAYER, modelDim, inner, layers),
                WeightGroup.of("channel_mix_receptance", Role.LAYER, modelDim, modelDim, layers),
                WeightGroup.of("layer_vectors", Role.VECTOR, 1, (long) vectors * modelDim, layers),
                // Norms with biases before the first and after the last layer.
                WeightGroup.of("output_vectors", Role.VECTOR, 1, 4L * modelDim, 1),
                WeightGroup.of("output", Role.OUTPUT, vocabSize, modelDim, 1));
        return new ModelShape(name, layers, modelDim, vocabSize, contextLength, weights, List.of(),
                Math.multiplyExact((long) layers, Math.multiplyExact((long) statePerChannel, modelDim)), 0);
    }
}
