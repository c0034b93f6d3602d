package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
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
        Matrix expected = random(5, columns);
        for (Isa isa : isas) {
            Matrix y = copy(expected);
            operation.of(machine(isa)).accept(y);
            if (isa == isas.getFirst()) {
                twin.accept(expected);
            }
            assertSame(isa, y, expected);
        }
    }
}
