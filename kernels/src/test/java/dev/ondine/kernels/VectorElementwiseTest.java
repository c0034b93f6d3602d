package dev.ondine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.util.function.BiConsumer;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorElementwiseTest {

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
    @ValueSource(ints = {1, 5, 15, 16, 17, 33, 207, 9000})
    void agreesWithTheScalarTwin(int columns) {
        Matrix x = random.matrix(5, columns);
        Tensor weight = random.vector(columns);
        assertAgreement(5, columns, (kernels, y) -> kernels.add(y, x));
        assertAgreement(5, columns, (kernels, y) -> kernels.addBias(y, weight));
        assertAgreement(5, columns, (kernels, y) -> kernels.scale(y, 0.3f));
        assertAgreement(5, columns, (kernels, y) -> kernels.softcap(y, 1.5f));
        assertAgreement(5, columns, (kernels, y) -> kernels.rmsNorm(y, weight, 1e-5f, y));
        assertAgreement(5, columns, (kernels, y) -> kernels.softmax(y));
    }

    @ParameterizedTest
    @EnumSource
    void gatesAsTheScalarTwin(Activation activation) {
        for (int columns : new int[] {1, 31, 320, 9000}) {
            Matrix up = random.matrix(3, columns);
            assertAgreement(3, columns, (kernels, gate) -> kernels.gate(activation, gate, up));
        }
    }

    @ParameterizedTest
    @EnumSource
    void turnsAsTheScalarTwin(RotaryAngles.Pairing pairing) {
        for (int rotaryDim : new int[] {2, 20, 64}) {
            var angles = new RotaryAngles(random.matrix(3, rotaryDim / 2), random.matrix(3, rotaryDim / 2), pairing);
            assertAgreement(3, 5 * 64, (kernels, x) -> kernels.rope(x, 64, angles));
        }
    }

    private void assertAgreement(int rows, int columns, BiConsumer<Kernels, Matrix> operation) {
        Matrix expected = random.matrix(rows, columns);
        Matrix y = random.copy(expected);
        operation.accept(scalar, expected);
        operation.accept(vector, y);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float exact = expected.get(row, column);
                assertThat(y.get(row, column)).isCloseTo(exact, within(1e-6f + 1e-6f * Math.abs(exact)));
            }
        }
    }

    @Test
    void exponentiatesWithinTwoTenMillionths() {
        double worst = 0;
        for (float x = -87.3f; x < 88.3f; x += 0.0037f) {
            double exact = Math.exp(x);
            worst = Math.max(worst, Math.abs(VectorMath.exp(spread(x)).lane(0) - exact) / exact);
        }
        assertThat(worst).isLessThan(2e-7);
        assertThat(VectorMath.exp(spread(0)).lane(0)).isEqualTo(1);
        assertThat(VectorMath.exp(spread(Float.NEGATIVE_INFINITY)).lane(0)).isZero();
        assertThat(VectorMath.exp(spread(-1e30f)).lane(0)).isZero();
        assertThat(VectorMath.exp(spread(1e30f)).lane(0)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(VectorMath.exp(spread(Float.NaN)).lane(0)).isNaN();
    }

    @Test
    void saturatesTanhWithinTwoTenMillionths() {
        double worst = 0;
        for (float x = -20; x < 20; x += 0.0017f) {
            worst = Math.max(worst, Math.abs(VectorMath.tanh(spread(x)).lane(0) - Math.tanh(x)));
        }
        assertThat(worst).isLessThan(2e-7);
        assertThat(VectorMath.tanh(spread(1e30f)).lane(0)).isEqualTo(1);
        assertThat(VectorMath.tanh(spread(-1e30f)).lane(0)).isEqualTo(-1);
    }

    @Test
    void activatesLargeNumbersWithoutOverflow() {
        assertThat(VectorMath.silu(spread(-1000)).lane(0)).isZero();
        assertThat(VectorMath.silu(spread(1000)).lane(0)).isEqualTo(1000);
        assertThat(VectorMath.gelu(spread(-1000)).lane(0)).isZero();
        assertThat(VectorMath.gelu(spread(1000)).lane(0)).isEqualTo(1000);
    }

    @Test
    void givesMaskedScoresNoProbability() {
        Matrix x = random.matrix(1, 40);
        x.set(0, 7, Float.NEGATIVE_INFINITY);
        vector.softmax(x);
        assertThat(x.get(0, 7)).isZero();
    }

    private static FloatVector spread(float value) {
        return FloatVector.broadcast(Lanes.FLOATS, value);
    }
}
