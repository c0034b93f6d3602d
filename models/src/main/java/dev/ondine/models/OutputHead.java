package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import java.lang.foreign.Arena;

/** The end of a model: final norm and the projection to the vocabulary, each only for rows that want it. */
final class OutputHead {

    /** Missing where the token embedding serves as output. */
    static final String OUTPUT = "output.weight";

    private final Tensor norm;
    private final Weight output;
    private final float normEpsilon;
    /** Normed rows whose logits are wanted: [wanted row, modelDim]. */
    private final Matrix projected;
    /** Normed rows that are wanted themselves: [wanted row, modelDim]. */
    private final Matrix embeddings;

    /**
     * @param norm   [modelDim]
     * @param output [vocab, modelDim]
     */
    OutputHead(Arena arena, Tensor norm, Weight output, float normEpsilon, int capacityRows) {
        this.norm = norm;
        this.output = output;
        this.normEpsilon = normEpsilon;
        this.projected = Matrix.allocate(arena, capacityRows, output.columns());
        this.embeddings = Matrix.allocate(arena, capacityRows, output.columns());
        embeddings.setRows(0);
    }

    /** Reads {@code output_norm.weight} and {@code output.weight}; without the latter the token embedding serves as output. */
    static OutputHead of(Arena arena, WeightReader weights, TransformerConfig config, Tensor tokenEmbedding, int capacityRows) {
        Weight output = weights.optionalMatrix(OUTPUT, config.vocabSize(), config.modelDim())
                .orElseGet(() -> weights.matrix(tokenEmbedding));
        return new OutputHead(arena, weights.vector("output_norm.weight", config.modelDim()), output, config.normEpsilon(), capacityRows);
    }

    /** Logits and embeddings of the rows of {@code x} [row, modelDim] that want them. */
    void forward(Kernels kernels, Matrix x, Batch batch, Matrix logits) {
        logits.setRows(batch.logitsRows());
        projected.setRows(batch.logitsRows());
        embeddings.setRows(batch.embeddingRows());
        gather(x, batch);
        if (batch.embeddingRows() > 0) {
            kernels.rmsNorm(embeddings, norm, normEpsilon, embeddings);
        }
        if (batch.logitsRows() > 0) {
            kernels.rmsNorm(projected, norm, normEpsilon, projected);
            kernels.matmul(output, projected, logits);
        }
    }

    private void gather(Matrix x, Batch batch) {
        int nextProjected = 0;
        int nextEmbedding = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.wantsLogits(row)) {
                projected.setRow(nextProjected++, x, row);
            } else if (batch.wantsEmbedding(row)) {
                embeddings.setRow(nextEmbedding++, x, row);
            }
        }
    }

    /** What {@link Model#embeddings} gives. */
    Matrix embeddings() {
        return embeddings;
    }
}
