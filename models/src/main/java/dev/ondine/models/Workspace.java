package dev.ondine.models;

import dev.ondine.tensor.Matrix;
import java.lang.foreign.Arena;

/** The activations of one step, allocated once for the largest batch. */
final class Workspace {

    /** [row, modelDim]: the residual stream. */
    final Matrix x;
    /** [row, modelDim]: what a layer reads or gives back. */
    final Matrix h;
    /** [row, heads * headDim] */
    final Matrix q;
    /** [row, kvHeads * headDim] */
    final Matrix k;
    /** [row, kvHeads * headDim] */
    final Matrix v;
    /** [row, heads * headDim]: the output of attention. */
    final Matrix attended;
    /** [row, ffnDim] */
    final Matrix gate;
    /** [row, ffnDim] */
    final Matrix up;
    /** [row * heads, headDim]: q, head by head. */
    final Matrix qHeads;
    /** [row * kvHeads, headDim]: k, head by head. */
    final Matrix kHeads;

    /** q, k and v, as one product gives them. */
    final Matrix[] queryKeyValue;
    /** gate and up, as one product gives them. */
    final Matrix[] gateAndUp;

    /** All that have one row per row of the batch. */
    private final Matrix[] byRow;

    Workspace(Arena arena, TransformerConfig config, int capacityRows) {
        x = Matrix.allocate(arena, capacityRows, config.modelDim());
        h = Matrix.allocate(arena, capacityRows, config.modelDim());
        q = Matrix.allocate(arena, capacityRows, config.queryDim());
        k = Matrix.allocate(arena, capacityRows, config.kvDim());
        v = Matrix.allocate(arena, capacityRows, config.kvDim());
        attended = Matrix.allocate(arena, capacityRows, config.queryDim());
        gate = Matrix.allocate(arena, capacityRows, config.ffnDim());
        up = Matrix.allocate(arena, capacityRows, config.ffnDim());
        byRow = new Matrix[] {x, h, q, k, v, attended, gate, up};
        queryKeyValue = new Matrix[] {q, k, v};
        gateAndUp = new Matrix[] {gate, up};
        qHeads = q.reshaped(config.headDim());
        kHeads = k.reshaped(config.headDim());
    }

    void setRows(int rows) {
        for (Matrix matrix : byRow) {
            matrix.setRows(rows);
        }
        qHeads.setRows(rows * (q.columns() / qHeads.columns()));
        kHeads.setRows(rows * (k.columns() / kHeads.columns()));
    }
}
