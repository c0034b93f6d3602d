package dev.ondine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each operation on numbers small enough to check by hand. */
class ScalarKernelsTest {

    private static final Offset<Float> CLOSE = within(1e-6f);

    private final Arena arena = Arena.ofConfined();
    private final WorkerTeam team = new WorkerTeam(1);
    private final Kernels kernels = new ScalarKernels(team);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @Test
    void multipliesByTheTransposedWeight() {
        Matrix y = Matrix.allocate(arena, 2, 3);
        kernels.matmul(tensor(Shape.of(3, 2), 1, 2, 3, 4, 5, 6), matrix(2, 10, 1, 0, -1), y);
        assertRows(y, 12, 34, 56, -2, -4, -6);
    }

    @Test
    void multipliesByEachOfSeveralWeights() {
        Matrix[] ys = {Matrix.allocate(arena, 1, 2), Matrix.allocate(arena, 1, 1)};
        Weight[] weights = {kernels.weight(tensor(Shape.of(2, 2), 1, 2, 3, 4)), kernels.weight(tensor(Shape.of(1, 2), 5, 6))};
        kernels.matmul(weights, matrix(2, 10, 1), ys);
        assertRows(ys[0], 12, 34);
        assertRows(ys[1], 56);
        assertThatThrownBy(() -> kernels.matmul(weights, matrix(2, 10, 1), new Matrix[] {ys[0]}))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 weights and 1 results");
    }

    @Test
    void refusesAWeightMadeByOtherKernels() {
        record Foreign(String name, NumberFormat format, Shape shape) implements Weight {
        }
        Weight weight = new Foreign("w", NumberFormat.F32, Shape.of(1, 2));
        assertThatThrownBy(() -> kernels.matmul(weight, matrix(2, 1, 2), matrix(1, 0)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weight w is a Foreign, expected a tensor");
    }

    @Test
    void looksUpOneRowPerToken() {
        Matrix y = Matrix.allocate(arena, 2, 2);
        kernels.embed(tensor(Shape.of(3, 2), 1, 2, 3, 4, 5, 6), new int[] {2, 0, 99}, y);
        assertRows(y, 5, 6, 1, 2);
    }

    @Test
    void refusesATokenOutsideTheTable() {
        Matrix y = Matrix.allocate(arena, 1, 2);
        assertThatThrownBy(() -> kernels.embed(tensor(Shape.of(3, 2), 1, 2, 3, 4, 5, 6), new int[] {3}, y))
                .isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("token 3");
    }

    @Test
    void refusesOperandsThatDoNotFit() {
        Matrix x = Matrix.allocate(arena, 1, 3);
        assertThatThrownBy(() -> kernels.matmul(tensor(Shape.of(2, 2), 1, 2, 3, 4), x, x))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 2]").hasMessageContaining("[1, 3]");
        assertThatThrownBy(() -> kernels.add(x, Matrix.allocate(arena, 2, 3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels.rmsNorm(x, tensor(Shape.of(2), 1, 1), 0, x)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dividesByTheRootOfTheMeanSquare() {
        Matrix x = matrix(2, 1, 7, 3, 4);
        kernels.rmsNorm(x, tensor(Shape.of(2), 1, 10), 0, x);
        assertRows(x, 0.2f, 14, 3 / (float) Math.sqrt(12.5), 40 / (float) Math.sqrt(12.5));
    }

    @Test
    void addsScalesAndCaps() {
        Matrix y = matrix(2, 1, 2, 3, 4);
        kernels.add(y, matrix(2, 1, 1, 1, -4));
        assertRows(y, 2, 3, 4, 0);
        kernels.addBias(y, tensor(Shape.of(2), 0, -3));
        assertRows(y, 2, 0, 4, -3);
        kernels.scale(y, 0.5f);
        assertRows(y, 1, 0, 2, -1.5f);
        kernels.softcap(y, 2);
        assertRows(y, 2 * (float) Math.tanh(0.5), 0, 2 * (float) Math.tanh(1), 2 * (float) Math.tanh(-0.75));
    }

    @Test
    void seesOnlyTheRowsThatCount() {
        Matrix y = matrix(2, 1, 2, 3, 4);
        y.setRows(1);
        kernels.scale(y, 10);
        y.setRows(2);
        assertRows(y, 10, 20, 3, 4);
    }

    @Test
    void turnsAdjacentChannels() {
        Matrix x = matrix(5, 1, 2, 3, 4, 5);
        kernels.rope(x, 5, new RotaryAngles(matrix(2, 0, 1), matrix(2, 1, 0), RotaryAngles.Pairing.ADJACENT));
        assertRows(x, -2, 1, 3, 4, 5);
    }

    @Test
    void turnsHalvesOfEveryHead() {
        Matrix x = matrix(8, 1, 2, 3, 4, 5, 6, 7, 8);
        kernels.rope(x, 4, new RotaryAngles(matrix(2, 0, 1), matrix(2, 1, 0), RotaryAngles.Pairing.HALVES));
        assertRows(x, -3, 2, 1, 4, -7, 6, 5, 8);
    }

    @Test
    void gatesWithBothActivations() {
        Matrix gate = matrix(2, 1, -2);
        kernels.gate(Activation.SILU, gate, matrix(2, 2, 1));
        assertRows(gate, 1.4621172f, -0.23840584f);
        gate = matrix(2, 1, -2);
        kernels.gate(Activation.GELU_TANH, gate, matrix(2, 1, 1));
        assertRows(gate, 0.84119199f, -0.04540230f);
    }

    @Test
    void makesProbabilities() {
        Matrix x = matrix(2, 1000, 1000, 0, (float) Math.log(3));
        kernels.softmax(x);
        assertRows(x, 0.5f, 0.5f, 0.25f, 0.75f);
    }

    @Test
    void attendsToItsPastWithinTheWindow() {
        KvLayer layer = new KvLayer(1, 2, 2, 0, 8, 2, NumberFormat.F16);
        MemorySegment[] blocks = {arena.allocate(16), arena.allocate(16)};
        KvPages pages = index -> blocks[index];
        Matrix keys = matrix(2, 50, 0, 0, 0, 1, 0);
        Matrix values = matrix(2, 100, 100, 1, 2, 3, 4);
        KvPages[] tables = {pages, pages, pages};
        kernels.storeKv(keys, values, layer, tables, new int[] {0, 1, 2});
        // Two query heads share the key-value head; position 0 is outside the window of position 2.
        Matrix queries = matrix(4, 0, 0, (float) Math.log(3), 9);
        Matrix output = Matrix.allocate(arena, 1, 4);
        kernels.attention(queries, layer, tables, new int[] {2}, 1, 0, output);
        assertRows(output, 2, 3, 2.5f, 3.5f);
        kernels.attention(matrix(4, 0, 0, 1e9f, 0), layer, tables, new int[] {2}, 1, (float) Math.log(3), output);
        assertRows(output, 2, 3, 2.5f, 3.5f);
    }

    @Test
    void refusesACacheBlockThatIsTooSmall() {
        KvLayer layer = new KvLayer(1, 2, 2, 0, 8, 0, NumberFormat.F16);
        KvPages[] pages = {index -> arena.allocate(15)};
        Matrix x = Matrix.allocate(arena, 1, 2);
        assertThatThrownBy(() -> kernels.storeKv(x, x, layer, pages, new int[] {0})).hasMessageContaining("15 bytes");
        assertThatThrownBy(() -> kernels.attention(x, layer, pages, new int[] {0}, 1, 0, x)).hasMessageContaining("15 bytes");
    }

    private Matrix matrix(int columns, float... values) {
        Matrix matrix = Matrix.allocate(arena, values.length / columns, columns);
        MemorySegment.copy(values, 0, matrix.data(), ValueLayout.JAVA_FLOAT, 0, values.length);
        return matrix;
    }

    private Tensor tensor(Shape shape, float... values) {
        return new Tensor("w", NumberFormat.F32, shape, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
    }

    private static void assertRows(Matrix matrix, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(matrix.get(i / matrix.columns(), i % matrix.columns())).as("number %d", i).isCloseTo(expected[i], CLOSE);
        }
    }
}
