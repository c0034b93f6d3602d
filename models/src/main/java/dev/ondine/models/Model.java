package dev.ondine.models;

import dev.ondine.tensor.Matrix;

/** A loaded model: weights and the forward pass over them. One thread runs it at a time. Borrows weights and kernels. */
public interface Model {

    Facts facts();

    /**
     * Runs every row through all layers, writes its keys and values to its sequence, and computes logits and embeddings where wanted.
     *
     * @param batch  at most as many rows as the model was loaded for
     * @param logits [wanted row, vocab], resized and overwritten, rows in batch order
     */
    void forward(Batch batch, Matrix logits);

    /**
     * The vectors that the last step's embedding rows ended as, after the final norm: [wanted row, modelDim], rows in batch order.
     * Valid until the next step.
     */
    Matrix embeddings();

    /**
     * A cache for sequences of this model; the caller closes it.
     *
     * @param capacityBytes bound on all its blocks together
     */
    default KvBlockPool newCache(long capacityBytes) {
        return new KvBlockPool(facts().kvLayout(), capacityBytes);
    }

    /**
     * What a runner must know of any model.
     *
     * @param architecture  {@code general.architecture} of its file
     * @param vocabSize     token ids are in {@code [0, vocabSize)}
     * @param contextLength most positions that the model was trained for
     * @param kvLayout      what one sequence leaves in memory
     */
    record Facts(String architecture, int vocabSize, int contextLength, KvLayout kvLayout) {

        static Facts of(String architecture, TransformerConfig config, KvLayout kvLayout) {
            return new Facts(architecture, config.vocabSize(), config.contextLength(), kvLayout);
        }
    }
}
