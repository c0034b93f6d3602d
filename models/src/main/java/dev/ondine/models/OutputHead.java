package dev.ondine.models;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import java.lang.foreign.Arena;

/** The end of a model: final norm and the projection to the vocabulary, only for rows whose logits are wanted. */
final class OutputHead {

    /** Missing where the token embedding serves as output. */
    static final String OUTPUT = "output.weight";

    private final Tensor norm;
    private final Weight output;
    private final float normEpsilon;
    /** [wanted row, modelDim] */
    private final Matrix wanted;

    /**
     * @param norm   [modelDim]
     * @param output [vocab, modelDim]
     */
    OutputHead(Arena arena, Tensor norm, Weight output, float normEpsilon, int capacityRows) {
        this.norm = norm;
        this.output = output;
        this.normEpsilon = normEpsilon;
        this.wanted = Matrix.allocate(arena, capacityRows, output.columns());
    }

    /** Reads {@code output_norm.weight} and {@code output.weight}; without the latter the token embedding serves as output. */
    static OutputHead of(Arena arena, WeightReader weights, TransformerConfig config, Tensor tokenEmbedding, int capacityRows) {
        Weight output = weights.optionalMatrix(OUTPUT, config.vocabSize(), config.modelDim())
                .orElseGet(() -> weights.matrix(tokenEmbedding));
        return new OutputHead(arena, weights.vector("output_norm.weight", config.modelDim()), output, config.normEpsilon(), capacityRows);
    }

    /** Logits of the wanted rows of {@code x} [row, modelDim]. */
    void forward(Kernels kernels, Matrix x, Batch batch, Matrix logits) {
        logits.setRows(batch.wantedRows());
        wanted.setRows(batch.wantedRows());
        if (batch.wantedRows() == 0) {
            return;
        }
        int target = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.isWanted(row)) {
                wanted.setRow(target++, x, row);
            }
        }
        kernels.rmsNorm(wanted, norm, normEpsilon, wanted);
        kernels.matmul(output, wanted, logits);
    }
}
