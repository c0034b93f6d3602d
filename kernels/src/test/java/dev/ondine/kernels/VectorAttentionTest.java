package dev.ondine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorAttentionTest {

    private final Arena arena = Arena.ofShared();
    private final WorkerTeam team = new WorkerTeam(2);
    private final RandomOperands random = new RandomOperands(arena);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "8, 4, 32, 16, 0, 0, F16",
        "32, 8, 64, 16, 0, 0, F16",
        "4, 4, 80, 16, 0, 50, F16",
        "6, 2, 128, 32, 7, 0, F16",
        "5, 1, 20, 3, 0, 30, F16",
        "3, 3, 1, 1, 5, 0, F16",
        "8, 2, 64, 16, 0, 0, F32",
        "4, 2, 10, 5, 0, 0, F32",
        "8, 2, 64, 32, 0, 0, Q8_0",
        "3, 1, 96, 7, 40, 20, Q8_0",
    })
    void agreesWithTheScalarTwin(int heads, int kvHeads, int headDim, int blockPositions, int window, float softcap, NumberFormat format) {
        KvLayer empty = new KvLayer(kvHeads, headDim, blockPositions, 0, 0, window, format);
        KvLayer layer = new KvLayer(kvHeads, headDim, blockPositions, 6, 6 + empty.keyBytes() + 10, window, format);
        Matrix keys = random.matrix(70, kvHeads * headDim);
        Matrix values = random.matrix(70, kvHeads * headDim);
        Matrix queries = random.matrix(3, heads * headDim);
        Matrix expected = attend(new ScalarKernels(team), layer, keys, values, queries, softcap);
        Matrix output = attend(new VectorKernels(team), layer, keys, values, queries, softcap);
        for (int row = 0; row < output.rows(); row++) {
            for (int column = 0; column < output.columns(); column++) {
                assertThat(output.get(row, column)).isCloseTo(expected.get(row, column), within(1e-5f));
            }
        }
    }

    /** Rows at positions 0, 33 and 69 of one sequence of 70. */
    private Matrix attend(Kernels kernels, KvLayer layer, Matrix keys, Matrix values, Matrix queries, float softcap) {
        MemorySegment[] blocks = new MemorySegment[Math.ceilDiv(70, layer.blockPositions())];
        Arrays.setAll(blocks, i -> arena.allocate(layer.valuesOffsetBytes() + layer.valueBytes(), 64));
        KvPages[] pages = new KvPages[70];
        Arrays.fill(pages, (KvPages) index -> blocks[index]);
        int[] positions = new int[70];
        Arrays.setAll(positions, i -> i);
        kernels.storeKv(keys, values, layer, pages, positions);
        Matrix output = random.matrix(3, queries.columns());
        kernels.attention(queries, layer, pages, new int[] {0, 33, 69}, 0.3f, softcap, output);
        return output;
    }
}
