package dev.ondine.roofline.formula;

/**
 * A low-rank adapter (LoRA) beside one matrix: W x + B (A x).
 *
 * @param rank    of the adapter, r
 * @param inputs  columns of the matrix
 * @param outputs rows of the matrix
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al., LoRA</a>
 */
public record LowRankAdapter(long rank, long inputs, long outputs) {

    public LowRankAdapter {
        Require.within("number of inputs", inputs, 1, 1e12);
        Require.within("number of outputs", outputs, 1, 1e12);
        Require.within("rank", rank, 1, Math.min(inputs, outputs));
    }

    /** r (inputs + outputs). */
    public long parameters() {
        return Math.multiplyExact(rank, inputs + outputs);
    }

    /** Of the adapter's file, and of what a step reads besides the matrix. */
    public double bytes(double bitsPerWeight) {
        return parameters() * bitsPerWeight / 8;
    }

    /** Multiply-accumulates per token besides the matrix's own; none once the adapter is added into the matrix. */
    public long addedMultiplyAccumulates(boolean merged) {
        return merged ? 0 : parameters();
    }

    /** Multiply-accumulates that adding the adapter into the matrix takes, once: r x inputs x outputs. */
    public long mergeMultiplyAccumulates() {
        return Math.multiplyExact(rank, Math.multiplyExact(inputs, outputs));
    }
}
