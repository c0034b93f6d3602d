package dev.ondine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every format against the scalar twin, over awkward sizes. */
class VectorMatmulTest {

    static final List<NumberFormat> DECODABLE = Stream.of(NumberFormat.values()).filter(NumberFormat::isDecodable).toList();

    private final Arena arena = Arena.ofShared();
    private final WorkerTeam team = new WorkerTeam(2);
    private final RandomOperands random = new RandomOperands(arena);
    private final Kernels vector = new VectorKernels(team);
    private final Kernels scalar = new ScalarKernels(team);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @ParameterizedTest
    @FieldSource("DECODABLE")
    void agreesWithTheScalarTwin(NumberFormat format) {
        for (int columns : columns(format)) {
            for (int rows : new int[] {1, 3, 13, 207, 702}) {
                Tensor weight = random.weights(format, rows, columns);
                for (int batch : new int[] {1, 2, 3, 5, 16, 33}) {
                    assertAgreement(weight, random.matrix(batch, columns));
                }
            }
        }
    }

    /** Around vectors, blocks and the 1024 columns that are decoded at once. */
    private static int[] columns(NumberFormat format) {
        return switch (format.blockElements()) {
            case 1 -> new int[] {1, 13, 100, 1056};
            case 32 -> new int[] {32, 96, 1056};
            default -> new int[] {256, 1280};
        };
    }

    private void assertAgreement(Tensor weight, Matrix x) {
        Matrix expected = Matrix.allocate(arena, x.rows(), weight.rows());
        scalar.matmul(weight, x, expected);
        Matrix y = random.matrix(x.rows(), weight.rows());
        vector.matmul(weight, x, y);
        float[] tolerance = tolerance(weight, x);
        for (int row = 0; row < y.rows(); row++) {
            for (int out = 0; out < y.columns(); out++) {
                if (!(Math.abs(y.get(row, out) - expected.get(row, out)) <= tolerance[row])) {
                    assertThat(y.get(row, out)).as("%s %s, batch %d, row %d, out %d", weight.format(), weight.shape(), x.rows(), row, out)
                            .isCloseTo(expected.get(row, out), within(tolerance[row]));
                }
            }
        }
    }

    /**
     * Rounding in single precision: half an ulp, 2^-24, per addition along the longest chain of one lane, times the sum of the
     * absolute products. That sum is bounded with the largest weight; where a block has an offset, products before it is taken off
     * are up to twice as large again.
     */
    private float[] tolerance(Tensor weight, Matrix x) {
        float[] decoded = new float[weight.columns()];
        float largest = 0;
        for (int out = 0; out < weight.rows(); out++) {
            weight.decodeRow(out, decoded, 0);
            for (float w : decoded) {
                largest = Math.max(largest, Math.abs(w));
            }
        }
        float[] tolerance = new float[x.rows()];
        float[] numbers = new float[x.columns()];
        for (int row = 0; row < x.rows(); row++) {
            x.copyRow(row, numbers);
            float sum = 0;
            for (float number : numbers) {
                sum += Math.abs(number);
            }
            float offsets = weight.format().blockElements() == 1 ? 1 : 3;
            tolerance[row] = 1e-37f + 0x1p-24f * (4 + x.columns() / 64f) * offsets * largest * sum;
        }
        return tolerance;
    }

    @ParameterizedTest
    @FieldSource("DECODABLE")
    void looksUpExactRows(NumberFormat format) {
        for (int columns : columns(format)) {
            Tensor table = random.weights(format, 7, columns);
            Matrix expected = Matrix.allocate(arena, 3, columns);
            Matrix y = random.matrix(3, columns);
            scalar.embed(table, new int[] {6, 0, 3}, expected);
            vector.embed(table, new int[] {6, 0, 3}, y);
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < columns; column++) {
                    float exact = expected.get(row, column);
                    // One rounding where the reference rounds the product and the difference.
                    float tolerance = format.blockElements() == 256 || format == NumberFormat.Q4_1 || format == NumberFormat.Q5_1 ? 1e-6f : 0;
                    assertThat(y.get(row, column)).as("%s %d %d", format, row, column).isCloseTo(exact, within(tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("DECODABLE")
    void survivesExtremeWeights(NumberFormat format) {
        for (float scale : new float[] {0, 65504, -65504, Float.MIN_VALUE, 0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN}) {
            Tensor weight = random.weights(format, 5, 256);
            for (long block = 0; block < weight.data().byteSize(); block += format.blockBytes()) {
                RandomOperands.setScales(weight, block, () -> scale);
            }
            for (int batch : new int[] {1, 5}) {
                Matrix x = random.matrix(batch, 256);
                Matrix y = random.matrix(batch, 5);
                vector.matmul(weight, x, y);
                if (Float.isFinite(scale)) {
                    assertAgreement(weight, x);
                }
            }
        }
    }

    @Test
    void decodesEveryFiniteHalfExactly() {
        Tensor table = random.misaligned(NumberFormat.F16, 2048, 32);
        for (int i = 0; i < 65536; i++) {
            int bits = i;
            boolean finite = (bits & 0x7c00) != 0x7c00;
            RandomOperands.setScales(table, 2L * i, () -> finite ? Float.float16ToFloat((short) bits) : 0);
        }
        int[] tokens = new int[2048];
        Arrays.setAll(tokens, i -> i);
        Matrix y = Matrix.allocate(arena, 2048, 32);
        vector.embed(table, tokens, y);
        float[] expected = new float[32];
        for (int row = 0; row < 2048; row++) {
            table.decodeRow(row, expected, 0);
            for (int i = 0; i < 32; i++) {
                assertThat(Float.floatToRawIntBits(y.get(row, i))).isEqualTo(Float.floatToRawIntBits(expected[i]));
            }
        }
    }

    @Test
    void sumsInTheSameOrderWhateverTheThreadCount() {
        Tensor weight = random.weights(NumberFormat.Q4_0, 702, 1056);
        for (int batch : new int[] {1, 3, 13}) {
            Matrix x = random.matrix(batch, 1056);
            Matrix expected = Matrix.allocate(arena, batch, 702);
            vector.matmul(weight, x, expected);
            for (int threads : new int[] {1, 3}) {
                try (WorkerTeam other = new WorkerTeam(threads)) {
                    Matrix y = Matrix.allocate(arena, batch, 702);
                    new VectorKernels(other).matmul(weight, x, y);
                    assertThat(y.data().mismatch(expected.data())).isEqualTo(-1);
                }
            }
        }
    }
}
