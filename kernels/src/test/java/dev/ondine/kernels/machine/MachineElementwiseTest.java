package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operand lies at the end of its page, or at the beginning, beside an inaccessible one. */
class MachineElementwiseTest {

    private final Arena arena = new GuardedArena();
    private final WorkerTeam team = new WorkerTeam(2);
    private final Random random = new Random(11);
    private final Kernels scalar = new ScalarKernels(team);
    private final List<CodeMemory> memories = new ArrayList<>();
    private final List<Isa> isas = TestIsas.supported();

    @BeforeEach
    void requireMachineCode() {
        TestHost.withMachineCode();
        assumeFalse(isas.isEmpty(), "this processor lacks AVX2");
    }

    @AfterEach
    void close() {
        team.close();
        memories.forEach(CodeMemory::close);
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 207, 2047, 2048, 9000})
    void agreesWithTheScalarTwin(int columns) {
        Matrix x = random(5, columns);
        Tensor weight = new Tensor("w", NumberFormat.F32, Shape.of(columns), random(1, columns).data());
        assertAgreement(columns, machine -> y -> machine.add(y, x), y -> scalar.add(y, x));
        assertAgreement(columns, machine -> y -> machine.addBias(y, weight), y -> scalar.addBias(y, weight));
        assertAgreement(columns, machine -> y -> machine.scale(y, 0.3f), y -> scalar.scale(y, 0.3f));
        assertAgreement(columns, machine -> y -> machine.softcap(y, 1.5f), y -> scalar.softcap(y, 1.5f));
        assertAgreement(columns, machine -> y -> machine.rmsNorm(y, weight, 1e-5f, y), y -> scalar.rmsNorm(y, weight, 1e-5f, y));
        assertAgreement(columns, machine -> y -> machine.rmsNorm(x, weight, 1e-5f, y), y -> scalar.rmsNorm(x, weight, 1e-5f, y));
        assertAgreement(columns, machine -> machine::softmax, scalar::softmax);
        for (Activation activation : Activation.values()) {
            assertAgreement(columns, machine -> y -> machine.gate(activation, y, x), y -> scalar.gate(activation, y, x));
        }
    }

    @ParameterizedTest
    @EnumSource
    void turnsAsTheScalarTwin(RotaryAngles.Pairing pairing) {
        for (int headDim : new int[] {2, 12, 64, 80}) {
            for (int rotaryDim = 2; rotaryDim <= headDim; rotaryDim += rotaryDim < 20 ? 2 : 4) {
                var angles = new RotaryAngles(random(5, rotaryDim / 2), random(5, rotaryDim / 2), pairing);
                int dim = headDim;
                assertAgreement(3 * headDim, machine -> x -> machine.rope(x, dim, angles), x -> scalar.rope(x, dim, angles));
            }
        }
    }

    /** What a kernel of one machine does to y. */
    private interface Operation {
        Consumer<Matrix> of(MachineElementwise machine);
    }

    private void assertAgreement(int columns, Operation operation, Consumer<Matrix> twin) {
        Matrix before = random(5, columns);
        Matrix expected = copy(before);
        twin.accept(expected);
        for (Isa isa : isas) {
            Matrix y = copy(before);
            operation.of(machine(isa)).accept(y);
            assertSame(isa, y, expected);
        }
    }

    private static void assertSame(Isa isa, Matrix y, Matrix expected) {
        for (int row = 0; row < y.rows(); row++) {
            for (int column = 0; column < y.columns(); column++) {
                float exact = expected.get(row, column);
                float found = y.get(row, column);
                if (!(Math.abs(found - exact) <= 1e-6f + 1e-6f * Math.abs(exact))) {
                    assertThat(found).as("%s [%d, %d] of %d columns", isa, row, column, y.columns()).isEqualTo(exact);
                }
            }
        }
    }

    @Test
    void exponentiatesWithinTwoTenMillionths() {
        for (Isa isa : isas) {
            double worst = 0;
            Matrix x = Matrix.allocate(arena, 1, 50_001);
            for (int i = 0; i < x.columns(); i++) {
                x.set(0, i, -87.3f + i * (88.3f + 87.3f) / x.columns());
            }
            Matrix y = copy(x);
            exponentiate(isa, y);
            for (int i = 0; i < x.columns(); i++) {
                double exact = Math.exp(x.get(0, i));
                worst = Math.max(worst, Math.abs(y.get(0, i) - exact) / exact);
            }
            assertThat(worst).as("%s", isa).isLessThan(2e-7);
        }
    }

    @Test
    void exponentiatesExtremeNumbers() {
        float infinity = Float.POSITIVE_INFINITY;
        for (Isa isa : isas) {
            Matrix y = matrix(0, -0f, -infinity, infinity, -1e30f, 1e30f, -87.8f, 88.5f, Float.NaN);
            exponentiate(isa, y);
            assertThat(numbers(y)).as("%s", isa).containsExactly(1, 1, 0, infinity, 0, infinity, 0, infinity, Float.NaN);
        }
    }

    private void exponentiate(Isa isa, Matrix y) {
        byte[] code = new ActivationCode(isa) {
            @Override
            void function() {
                exp.exp(y);
            }
        }.generate();
        CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(code));
        memories.add(memory);
        new ArgumentBlock().call(memory.code(0), y.data().address(), 0, 0, 1, y.columns(), 0, 0);
    }

    @Test
    void saturatesSoftcapsWithinTwoTenMillionths() {
        for (Isa isa : isas) {
            Matrix y = matrix(-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0, Float.NaN, -1e-3f, 0.3f, -45, 60);
            machine(isa).softcap(y, 30);
            float[] found = numbers(y);
            assertThat(found).as("%s", isa).startsWith(-30, 30, -30, 30, 0, Float.NaN);
            for (float[] pair : new float[][] {{found[6], -1e-3f}, {found[7], 0.3f}, {found[8], -45}, {found[9], 60}}) {
                assertThat(pair[0]).isCloseTo((float) (30 * Math.tanh(pair[1] / 30)), within(30 * 2e-7f));
            }
        }
    }

    @Test
    void activatesLargeNumbersWithoutOverflow() {
        for (Isa isa : isas) {
            for (Activation activation : Activation.values()) {
                Matrix gate = matrix(-1000, 1000, -1e38f, 1e38f, 0, Float.NaN, -88, 88);
                machine(isa).gate(activation, gate, matrix(1, 1, 1, 1, 1, 1, 1, 1));
                float[] found = numbers(gate);
                assertThat(found).as("%s %s", isa, activation).startsWith(-0f, 1000, -0f, 1e38f, 0, Float.NaN).endsWith(88);
                assertThat(found[6]).isCloseTo(0, within(1e-36f));
            }
        }
    }

    @Test
    void givesMaskedScoresNoProbability() {
        for (Isa isa : isas) {
            Matrix x = random(1, 40);
            x.set(0, 7, Float.NEGATIVE_INFINITY);
            x.set(0, 8, 1e30f);
            machine(isa).softmax(x);
            float[] expected = new float[40];
            expected[8] = 1;
            assertThat(numbers(x)).as("%s", isa).containsExactly(expected);
        }
    }

    /** Vectors of any width give the same bits where nothing is summed. */
    @Test
    void widthsAgreeToTheLastBit() {
        Matrix x = random(3, 1000);
        Matrix up = random(3, 1000);
        for (Activation activation : Activation.values()) {
            List<float[]> results = new ArrayList<>();
            for (Isa isa : isas) {
                Matrix gate = copy(x);
                machine(isa).gate(activation, gate, up);
                results.add(numbers(gate));
            }
            assertThat(results).allSatisfy(result -> assertThat(result).containsExactly(results.getFirst()));
        }
    }

    private MachineElementwise machine(Isa isa) {
        List<byte[]> codes = MachineElementwise.codes(isa);
        CodeMemory memory = CodeMemory.of(TestHost.here(), codes);
        memories.add(memory);
        return new MachineElementwise(IntStream.range(0, codes.size()).mapToObj(memory::code).toList(), team);
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

    private Matrix copy(Matrix matrix) {
        Matrix copy = Matrix.allocate(arena, matrix.rows(), matrix.columns());
        copy.data().copyFrom(matrix.data());
        return copy;
    }

    private Matrix matrix(float... row) {
        Matrix matrix = Matrix.allocate(arena, 1, row.length);
        matrix.setRow(0, row);
        return matrix;
    }

    private static float[] numbers(Matrix matrix) {
        return matrix.data().toArray(ValueLayout.JAVA_FLOAT);
    }
}
