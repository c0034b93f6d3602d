package dev.ondine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The compute operations of a forward pass, each on whole matrices. Implementations split the work over their
 * {@link WorkerTeam}; one output number is always summed by one thread in one order, so the thread count never changes a result.
 *
 * <p>Every operation works on the first {@link Matrix#rows()} rows. One thread calls an instance at a time.
 */
public interface Kernels {

    /** The line shown at start, for instance {@code vector 512-bit, 2 threads}. */
    String description();

    /**
     * The form in which these kernels want a matrix that {@link #matmul(Weight, Matrix, Matrix)} reads. Loading calls it once per
     * matrix; it may take as long as reading the matrix takes.
     *
     * @param tensor [row, column] in any decodable format; its memory must stay open as long as the form is used
     */
    default Weight weight(Tensor tensor) {
        return tensor;
    }

    /**
     * y = x · Wᵀ.
     *
     * @param weight [outColumn, inColumn], made by {@link #weight} of these kernels
     * @param x      [row, inColumn]
     * @param y      [row, outColumn], overwritten
     */
    void matmul(Weight weight, Matrix x, Matrix y);

    /**
     * Several products of the same x: {@code ys[i] = x · weights[i]ᵀ}. Kernels may prepare x once and join the work.
     *
     * @param ys as many as weights, none of them x
     */
    default void matmul(Weight[] weights, Matrix x, Matrix[] ys) {
        OperandChecks.matmul(weights, x, ys);
        for (int i = 0; i < weights.length; i++) {
            matmul(weights[i], x, ys[i]);
        }
    }

    /**
     * Memory for activations, zeroed, that ends with the arena. Kernels may take it where they work on it fastest, and let it become
     * resident only as far as it is used.
     *
     * @param alignmentBytes a power of two, at most 64
     */
    default MemorySegment allocate(Arena arena, long bytes, long alignmentBytes) {
        return arena.allocate(bytes, alignmentBytes);
    }

    /**
     * Looks up one table row per token.
     *
     * @param table  [vocab, column]
     * @param tokens ids below the table's rows; the first {@code y.rows()} count
     * @param y      [row, column], overwritten
     */
    void embed(Tensor table, int[] tokens, Matrix y);

    /**
     * y = x / rms(x) · weight, row by row; y may be x.
     *
     * @param weight [column] F32
     * @see <a href="https://arxiv.org/abs/1910.07467">arXiv:1910.07467</a>
     */
    void rmsNorm(Matrix x, Tensor weight, float epsilon, Matrix y);

    /** y += x. */
    void add(Matrix y, Matrix x);

    /** y += bias in every row; bias [column] F32. */
    void addBias(Matrix y, Tensor bias);

    /** y *= factor. */
    void scale(Matrix y, float factor);

    /**
     * y = cap · tanh(y / cap).
     *
     * @see <a href="https://arxiv.org/abs/2408.00118">arXiv:2408.00118</a>
     */
    void softcap(Matrix y, float cap);

    /** Turns every head of every row by its position's angles; x [row, head * headDim], channels beyond the rotary ones stay. */
    void rope(Matrix x, int headDim, RotaryAngles angles);

    /** gate = activation(gate) · up, element by element. */
    void gate(Activation activation, Matrix gate, Matrix up);

    /** Every row becomes probabilities that sum to 1. */
    void softmax(Matrix x);

    /**
     * Writes keys and values of every row into the cache.
     *
     * @param keys      [row, kvHead * headDim], already turned
     * @param values    [row, kvHead * headDim]
     * @param pages     per row, the block table of its sequence
     * @param positions per row, its position
     */
    void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions);

    /**
     * Causal attention of every row over its own sequence's cache, its own position included.
     *
     * @param queries [row, head * headDim]; a group of {@code heads / kvHeads} neighbouring heads shares one key-value head
     * @param scale   applied to every query · key
     * @param softcap bound of the scores by {@code softcap · tanh(score / softcap)}; 0 for none
     * @param output  [row, head * headDim], overwritten
     */
    void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, float scale, float softcap, Matrix output);
}
