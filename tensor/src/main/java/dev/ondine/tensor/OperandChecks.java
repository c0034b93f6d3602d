package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * What every implementation of {@link Kernels} demands of its operands, one method per operation. Kernels that read memory by
 * address rely on these checks: operands that pass are only ever touched inside their bounds.
 *
 * <p>Each method throws {@link IllegalArgumentException}, {@link IndexOutOfBoundsException} for a token or position, or
 * {@link IllegalStateException} for memory that was closed.
 */
public final class OperandChecks {

    private OperandChecks() {
    }

    /** See {@link Kernels#matmul(Weight, Matrix, Matrix)}. Memory of a weight that is no {@link Tensor} is for its kernels to check. */
    public static void matmul(Weight weight, Matrix x, Matrix y) {
        requireDecodable("matmul", weight);
        if (weight.columns() != x.columns() || weight.rows() != y.columns() || x.rows() != y.rows()) {
            throw refusal("matmul", "weight %s is %s, x is %s, y is %s; expected [out, in], [row, in] and [row, out]",
                    weight.name(), weight.shape(), size(x), size(y));
        }
        requireOpen("matmul", x);
        requireOpen("matmul", y);
    }

    /** See {@link Kernels#matmul(Weight[], Matrix, Matrix[])}; each product is checked on its own. */
    public static void matmul(Weight[] weights, Matrix x, Matrix[] ys) {
        if (weights.length != ys.length) {
            throw refusal("matmul", "%d weights and %d results; expected one result per weight", weights.length, ys.length);
        }
    }

    /** The weight of a product whose kernels read tensors as they lie in the file. */
    public static Tensor requireTensor(Weight weight) {
        if (weight instanceof Tensor tensor) {
            return tensor;
        }
        throw refusal("matmul", "weight %s is a %s, expected a tensor; it was made by other kernels than those that read it",
                weight.name(), weight.getClass().getSimpleName());
    }

    /** See {@link Kernels#embed}. */
    public static void embed(Tensor table, int[] tokens, Matrix y) {
        requireDecodable("embed", table);
        if (table.columns() != y.columns() || tokens.length < y.rows()) {
            throw refusal("embed", "table %s is %s, y is %s, tokens are %d; expected as many columns and a token per row",
                    table.name(), table.shape(), size(y), tokens.length);
        }
        for (int row = 0; row < y.rows(); row++) {
            if (tokens[row] < 0 || tokens[row] >= table.rows()) {
                throw new IndexOutOfBoundsException("embed: token %d is outside the table %s %s".formatted(
                        tokens[row], table.name(), table.shape()));
            }
        }
        requireOpen("embed", y);
    }

    /** See {@link Kernels#rmsNorm}. */
    public static void rmsNorm(Matrix x, Tensor weight, Matrix y) {
        requireVector("rmsNorm", weight, x);
        requireSameSize("rmsNorm", x, y);
    }

    /** See {@link Kernels#addBias}. */
    public static void addBias(Matrix y, Tensor bias) {
        requireVector("addBias", bias, y);
    }

    /** See {@link Kernels#rope}. */
    public static void rope(Matrix x, int headDim, RotaryAngles angles) {
        if (headDim < 1 || x.columns() % headDim != 0 || angles.rotaryDim() > headDim) {
            throw refusal("rope", "x is %s, heads are %d wide, %d channels turn; expected whole heads that hold the turning channels",
                    size(x), headDim, angles.rotaryDim());
        }
        requireOpen("rope", x);
        requireSameSize("rope", angles.cosines(), angles.sines());
        if (angles.cosines().rows() != x.rows()) {
            throw refusal("rope", "x is %s, the angles are %s; expected a row of angles per row", size(x), size(angles.cosines()));
        }
    }

    /** See {@link Kernels#storeKv}. */
    public static void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        requireSameSize("storeKv", keys, values);
        if (keys.columns() != layer.kvHeads() * layer.headDim()) {
            throw refusal("storeKv", "keys are %s; expected %d heads of %d", size(keys), layer.kvHeads(), layer.headDim());
        }
        requirePositions("storeKv", keys, pages, positions);
        for (int row = 0; row < keys.rows(); row++) {
            requireBlock("storeKv", layer, pages[row].block(positions[row] / layer.blockPositions()));
        }
    }

    /** See {@link Kernels#attention}. */
    public static void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, Matrix output) {
        requireSameSize("attention", queries, output);
        if (queries.columns() % (layer.kvHeads() * layer.headDim()) != 0) {
            throw refusal("attention", "queries are %s; expected a multiple of %d heads of %d",
                    size(queries), layer.kvHeads(), layer.headDim());
        }
        requirePositions("attention", queries, pages, positions);
        // Neighbouring rows mostly see the same blocks: [from, to) are checked.
        int from = 0;
        int to = 0;
        for (int row = 0; row < queries.rows(); row++) {
            int first = layer.firstVisible(positions[row]) / layer.blockPositions();
            if (row == 0 || pages[row] != pages[row - 1] || first < from || first > to) {
                from = first;
                to = first;
            }
            for (; to <= positions[row] / layer.blockPositions(); to++) {
                requireBlock("attention", layer, pages[row].block(to));
            }
        }
    }

    /** Any matrix: its memory has not been closed. */
    public static void requireOpen(String operation, Matrix matrix) {
        requireOpen(operation, matrix.data(), "a matrix");
    }

    /** Any memory: it has not been closed; {@code owner} names it in the message. */
    public static void requireOpen(String operation, MemorySegment data, String owner) {
        if (!data.scope().isAlive()) {
            throw new IllegalStateException(operation + ": the memory of " + owner + " is closed");
        }
    }

    /** Two operands of an element-wise operation. */
    public static void requireSameSize(String operation, Matrix a, Matrix b) {
        requireOpen(operation, a);
        requireOpen(operation, b);
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw refusal(operation, "operands are %s and %s; expected the same size", size(a), size(b));
        }
    }

    private static void requireDecodable(String operation, Weight weight) {
        if (weight instanceof Tensor tensor) {
            requireOpen(operation, tensor.data(), tensor.name());
        }
        if (!weight.format().isDecodable()) {
            throw refusal(operation, "weight %s is in %s, which cannot be decoded yet", weight.name(), weight.format());
        }
    }

    private static void requireVector(String operation, Tensor weight, Matrix x) {
        requireOpen(operation, weight.data(), weight.name());
        requireOpen(operation, x);
        if (weight.format() != NumberFormat.F32 || weight.rows() != 1 || weight.columns() != x.columns()) {
            throw refusal(operation, "%s is %s %s, the matrix %s; expected F32 [%d]",
                    weight.name(), weight.format(), weight.shape(), size(x), x.columns());
        }
    }

    private static void requirePositions(String operation, Matrix x, KvPages[] pages, int[] positions) {
        if (pages.length < x.rows() || positions.length < x.rows()) {
            throw refusal(operation, "%d rows, %d block tables and %d positions; expected one of each per row",
                    x.rows(), pages.length, positions.length);
        }
        for (int row = 0; row < x.rows(); row++) {
            if (positions[row] < 0) {
                throw new IndexOutOfBoundsException("%s: position %d of row %d".formatted(operation, positions[row], row));
            }
        }
    }

    private static void requireBlock(String operation, KvLayer layer, MemorySegment block) {
        requireOpen(operation, block, "a cache block");
        long keysEnd = Math.addExact(layer.keysOffsetBytes(), layer.keyBytes());
        long valuesEnd = Math.addExact(layer.valuesOffsetBytes(), layer.valueBytes());
        if (!block.isNative() || block.byteSize() < Math.max(keysEnd, valuesEnd)) {
            throw refusal(operation, "a cache block has %d bytes; expected at least %d native ones for %s",
                    block.byteSize(), Math.max(keysEnd, valuesEnd), layer);
        }
    }

    private static String size(Matrix matrix) {
        return "[" + matrix.rows() + ", " + matrix.columns() + "]";
    }

    private static IllegalArgumentException refusal(String operation, String problem, Object... facts) {
        return new IllegalArgumentException(operation + ": " + problem.formatted(facts));
    }
}
