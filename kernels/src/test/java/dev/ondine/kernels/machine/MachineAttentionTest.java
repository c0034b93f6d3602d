package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operand and every block of the cache lies beside an inaccessible page. */
class MachineAttentionTest {

    private static final float SCALE = 0.3f;
    /** Around the borders of vectors, blocks and segments. */
    private static final int[] DEPTHS = {1, 15, 16, 17, 31, 32, 33, 511, 512, 513, 1500};
    private static final int LONGEST = DEPTHS[DEPTHS.length - 1];

    private final Arena arena = new GuardedArena();
    private final WorkerTeam team = new WorkerTeam(2);
    private final Random random = new Random(7);
    private final ScalarKernels scalar = new ScalarKernels(team);
    private final List<CodeMemory> memories = new ArrayList<>();
    private final Map<Isa, MachineAttention> machines = new LinkedHashMap<>();

    @BeforeEach
    void generate() {
        Host host = TestHost.withMachineCode();
        assumeFalse(TestIsas.supported().isEmpty(), "this processor lacks AVX2");
        for (Isa isa : TestIsas.supported()) {
            CodeMemory memory = CodeMemory.of(host, MachineAttention.codes(isa));
            memories.add(memory);
            machines.put(isa, new MachineAttention(isa, memory, 0, team));
        }
    }

    @AfterEach
    void close() {
        team.close();
        memories.forEach(CodeMemory::close);
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 16, 0, 0, F16",
        "2, 1, 32, 0, 0, F16",
        "6, 2, 64, 100, 0, F16",
        "4, 1, 64, 0, 30, F16",
        "7, 1, 80, 0, 0, F16",
        "8, 1, 96, 513, 0, F16",
        "2, 2, 128, 1, 0, F16",
        "3, 1, 256, 33, 50, F16",
        "12, 1, 20, 0, 0, F16",
        "17, 1, 9, 7, 0, F16",
        "2, 1, 16, 0, 0, F32",
        "8, 2, 64, 40, 0, F32",
        "3, 3, 21, 0, 30, F32",
        "7, 1, 128, 0, 0, F32",
        "6, 2, 64, 0, 0, Q8_0",
        "7, 1, 32, 40, 0, Q8_0",
        "8, 1, 96, 0, 30, Q8_0",
        "1, 1, 256, 513, 0, Q8_0",
    })
    void agreesWithTheScalarTwin(int heads, int kvHeads, int headDim, int window, float softcap, NumberFormat format) {
        KvLayer layer = layer(kvHeads, headDim, window, format);
        Matrix keys = random(LONGEST, kvHeads * headDim);
        Matrix values = random(LONGEST, kvHeads * headDim);
        Matrix queries = coarse(DEPTHS.length, heads * headDim);
        int[] positions = Arrays.stream(DEPTHS).map(depth -> depth - 1).toArray();
        GuardedCache cache = new GuardedCache(arena, layer, LONGEST);
        scalar.storeKv(keys, values, layer, pages(LONGEST, cache), upTo(LONGEST));
        Matrix expected = random(DEPTHS.length, heads * headDim);
        scalar.attention(queries, layer, pages(DEPTHS.length, cache), positions, SCALE, softcap, expected);

        machines.forEach((isa, machine) -> {
            GuardedCache own = new GuardedCache(arena, layer, LONGEST);
            machine.storeKv(keys, values, layer, pages(LONGEST, own), upTo(LONGEST));
            Matrix output = random(DEPTHS.length, heads * headDim);
            machine.attention(queries, layer, pages(DEPTHS.length, own), positions, SCALE, softcap, output);
            assertClose(isa, output, expected, 1e-5f);
        });
    }

    /** Which rows are computed together, and on how many threads, changes no bit. */
    @ParameterizedTest
    @CsvSource({"8, 2, 64, 0, F16", "3, 1, 80, 600, F16", "7, 1, 32, 40, F16", "4, 4, 16, 0, F32", "3, 1, 64, 0, Q8_0"})
    void companyChangesNothing(int heads, int kvHeads, int headDim, int window, NumberFormat format) {
        KvLayer layer = layer(kvHeads, headDim, window, format);
        Matrix keys = random(LONGEST, kvHeads * headDim);
        Matrix values = random(LONGEST, kvHeads * headDim);
        int[] positions = IntStream.concat(IntStream.of(3, 1100, 530, 1499), IntStream.range(490, 570)).toArray();
        int rows = positions.length;
        Matrix queries = random(rows, heads * headDim);
        machines.forEach((isa, machine) -> {
            GuardedCache first = new GuardedCache(arena, layer, LONGEST);
            machine.storeKv(keys, values, layer, pages(LONGEST, first), upTo(LONGEST));
            GuardedCache fork = first.fork(arena, 500);
            machine.storeKv(random(1, keys.columns()), random(1, keys.columns()), layer, pages(1, fork), new int[] {530});
            KvPages[] pages = pages(rows, first);
            Arrays.fill(pages, 2, 4, fork);
            Arrays.fill(pages, 50, rows, fork);
            Matrix together = random(rows, heads * headDim);
            machine.attention(queries, layer, pages, positions, SCALE, 0, together);
            for (int row = 0; row < rows; row++) {
                Matrix query = random(1, heads * headDim);
                query.setRow(0, queries, row);
                Matrix alone = random(1, heads * headDim);
                machine.attention(query, layer, new KvPages[] {pages[row]}, new int[] {positions[row]}, SCALE, 0, alone);
                assertThat(floats(together, row)).as("%s, row %d", isa, row).isEqualTo(floats(alone, 0));
            }
        });
    }

    /** With one visible position the output is its value: what was stored comes back, rounded to the cache's format. */
    @ParameterizedTest
    @EnumSource(value = NumberFormat.class, names = {"F16", "F32"})
    void storesWhatItIsGiven(NumberFormat format) {
        float[] awkward = {0, -0f, 1, 65504, -65504, 65519, 6e-8f, 2.9e-8f, 3.1e-8f, 1 + 1f / 2048, 1 + 3f / 2048, 1e-4f,
            0.333f, -1e-7f, 70000, -2.5e5f, 1 / 3f, 5e-5f, 6.1e-5f, 2049};
        KvLayer layer = layer(1, awkward.length, 1, format);
        Matrix values = Matrix.allocate(arena, 1, awkward.length);
        values.setRow(0, awkward);
        Matrix keys = random(1, awkward.length);
        machines.forEach((isa, machine) -> {
            GuardedCache cache = new GuardedCache(arena, layer, 64);
            machine.storeKv(keys, values, layer, pages(1, cache), new int[] {37});
            Matrix output = random(1, awkward.length);
            machine.attention(keys, layer, pages(1, cache), new int[] {37}, SCALE, 0, output);
            for (int i = 0; i < awkward.length; i++) {
                float stored = format == NumberFormat.F32 ? awkward[i] : Float.float16ToFloat(Float.floatToFloat16(awkward[i]));
                assertThat(output.get(0, i) + 0f).as("%s of %s", isa, awkward[i]).isEqualTo(stored + 0f);
            }
        });
    }

    /** Whole queries differ from quantised ones by half a step, 1/254 of the largest of 32. */
    @Test
    void quantisesQueriesForQuantisedKeys() {
        KvLayer layer = layer(1, 64, 0, NumberFormat.Q8_0);
        Matrix keys = random(200, 64);
        Matrix values = random(200, 64);
        values.setRow(7, new float[64]);
        Matrix queries = random(3, 4 * 64);
        GuardedCache cache = new GuardedCache(arena, layer, 200);
        scalar.storeKv(keys, values, layer, pages(200, cache), upTo(200));
        Matrix expected = random(3, 4 * 64);
        scalar.attention(queries, layer, pages(3, cache), new int[] {7, 100, 199}, SCALE, 0, expected);
        machines.forEach((isa, machine) -> {
            GuardedCache own = new GuardedCache(arena, layer, 200);
            machine.storeKv(keys, values, layer, pages(200, own), upTo(200));
            Matrix output = random(3, 4 * 64);
            machine.attention(queries, layer, pages(3, own), new int[] {7, 100, 199}, SCALE, 0, output);
            assertClose(isa, output, expected, 0.05f);
        });
    }

    /** Scores as large as they get, and beyond: the softmax of ±1e8 is exact, that of infinity is not a number. */
    @Test
    void survivesExtremeScores() {
        KvLayer layer = layer(1, 32, 0, NumberFormat.F32);
        Matrix values = random(100, 32);
        Matrix query = Matrix.allocate(arena, 1, 32);
        query.set(0, 0, 1);
        for (float size : new float[] {1e8f, 1e-30f, 3e38f, Float.POSITIVE_INFINITY}) {
            Matrix keys = Matrix.allocate(arena, 100, 32);
            IntStream.range(0, 100).forEach(row -> keys.set(row, 0, row == 40 ? size : -size));
            Matrix expected = random(1, 32);
            GuardedCache cache = new GuardedCache(arena, layer, 100);
            scalar.storeKv(keys, values, layer, pages(100, cache), upTo(100));
            scalar.attention(query, layer, pages(1, cache), new int[] {99}, 1, 0, expected);
            machines.forEach((isa, machine) -> {
                GuardedCache own = new GuardedCache(arena, layer, 100);
                machine.storeKv(keys, values, layer, pages(100, own), upTo(100));
                Matrix output = random(1, 32);
                machine.attention(query, layer, pages(1, own), new int[] {99}, 1, 0, output);
                assertClose(isa, output, expected, 1e-5f);
            });
        }
    }

    @Test
    void refusesOtherBlocks() {
        KvLayer small = new KvLayer(1, 16, 16, 0, 1024, 0, NumberFormat.F16);
        Matrix matrix = random(1, 16);
        machines.forEach((isa, machine) -> {
            assertThat(machine.supports(small)).isFalse();
            assertThatThrownBy(() -> machine.storeKv(matrix, matrix, small, new KvPages[1], new int[1]))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("32 positions");
        });
    }

    private static KvLayer layer(int kvHeads, int headDim, int window, NumberFormat format) {
        KvLayer empty = new KvLayer(kvHeads, headDim, 32, 0, 0, window, format);
        return new KvLayer(kvHeads, headDim, 32, 6, 6 + empty.keyBytes() + 10, window, format);
    }

    private static KvPages[] pages(int rows, KvPages cache) {
        KvPages[] pages = new KvPages[rows];
        Arrays.fill(pages, cache);
        return pages;
    }

    private static int[] upTo(int positions) {
        return IntStream.range(0, positions).toArray();
    }

    private Matrix random(int rows, int columns) {
        Matrix matrix = Matrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    /** Numbers that quantisation to Q8_0 leaves as they are. */
    private Matrix coarse(int rows, int columns) {
        Matrix matrix = random(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float step = column % 32 == 0 ? 127 : Math.round(Math.clamp(matrix.get(row, column) * 40, -127, 127));
                matrix.set(row, column, step / 64);
            }
        }
        return matrix;
    }

    private static float[] floats(Matrix matrix, int row) {
        float[] floats = new float[matrix.columns()];
        matrix.copyRow(row, floats);
        return floats;
    }

    private static void assertClose(Isa isa, Matrix output, Matrix expected, float tolerance) {
        for (int row = 0; row < output.rows(); row++) {
            for (int column = 0; column < output.columns(); column++) {
                float wanted = expected.get(row, column);
                if (Float.isNaN(wanted)) {
                    assertThat(output.get(row, column)).as("%s [%d, %d]", isa, row, column).isNaN();
                } else {
                    assertThat(output.get(row, column)).as("%s [%d, %d]", isa, row, column).isCloseTo(wanted, within(tolerance));
                }
            }
        }
    }
}
