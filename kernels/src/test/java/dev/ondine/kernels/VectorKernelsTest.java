package dev.ondine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.testkit.AllocatedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VectorKernelsTest {

    private final Arena arena = Arena.ofShared();
    private final WorkerTeam team = new WorkerTeam(2);
    private final RandomOperands random = new RandomOperands(arena);
    private final Kernels kernels = new VectorKernels(team);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @Test
    void describesItself() {
        assertThat(kernels.description()).isEqualTo("vector " + VectorKernels.vectorBits() + "-bit, 2 threads");
    }

    @Test
    void refusesWhatWouldReachOutsideItsOperands() {
        Tensor weight = random.weights(NumberFormat.Q8_0, 8, 64);
        Matrix x = random.matrix(2, 64);
        Matrix y = random.matrix(2, 8);
        assertThatThrownBy(() -> kernels.matmul(weight, y, x)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels.embed(weight, new int[] {8, 0}, x)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels.embed(weight, new int[] {0}, x)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels.rmsNorm(x, random.vector(63), 0, x)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels.gate(Activation.SILU, x, y)).isInstanceOf(IllegalArgumentException.class);
        var angles = new RotaryAngles(random.matrix(1, 8), random.matrix(1, 8), RotaryAngles.Pairing.HALVES);
        assertThatThrownBy(() -> kernels.rope(x, 64, angles)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAWeightMadeByOtherKernels() {
        record Foreign(String name, NumberFormat format, Shape shape) implements Weight {
        }
        assertThatThrownBy(() -> kernels.matmul(new Foreign("w", NumberFormat.F32, Shape.of(8, 64)), random.matrix(1, 64), random.matrix(1, 8)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weight w is a Foreign, expected a tensor");
    }

    @Test
    void refusesMemoryThatWasClosed() {
        Arena shortLived = Arena.ofConfined();
        RandomOperands gone = new RandomOperands(shortLived);
        Tensor weight = gone.weights(NumberFormat.Q8_0, 8, 64);
        Matrix y = gone.matrix(2, 8);
        shortLived.close();
        assertThatThrownBy(() -> kernels.matmul(weight, random.matrix(2, 64), random.matrix(2, 8))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kernels.scale(y, 2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void allocatesNothingOnceWarm() {
        Tensor weight = random.weights(NumberFormat.Q8_0, 512, 256);
        Tensor norm = random.vector(256);
        Matrix x = random.matrix(5, 256);
        Matrix wide = random.matrix(5, 512);
        Matrix one = random.matrix(1, 256);
        Matrix wideOne = random.matrix(1, 512);
        var angles = new RotaryAngles(random.matrix(5, 16), random.matrix(5, 16), RotaryAngles.Pairing.ADJACENT);
        KvLayer layer = new KvLayer(2, 32, 16, 0, 2048, 0, NumberFormat.F16);
        MemorySegment block = arena.allocate(4096);
        KvPages sequence = index -> block;
        KvPages[] pages = {sequence, sequence, sequence, sequence, sequence};
        int[] positions = {0, 1, 2, 3, 4};
        Matrix keys = random.matrix(5, 64);
        Matrix output = random.matrix(5, 256);
        Runnable step = () -> {
            kernels.rmsNorm(x, norm, 1e-5f, x);
            kernels.matmul(weight, x, wide);
            kernels.matmul(weight, one, wideOne);
            kernels.gate(Activation.SILU, wide, wide);
            kernels.rope(x, 32, angles);
            kernels.storeKv(keys, keys, layer, pages, positions);
            kernels.attention(x, layer, pages, positions, 0.1f, 0, output);
            kernels.add(output, x);
            kernels.softmax(output);
        };
        assertThat(settledAllocation(step)).isLessThan(1000);
    }

    /** Bytes of 100 steps, once the compiler has caught up; before, every vector is an object. */
    private static long settledAllocation(Runnable step) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        long bytes;
        do {
            bytes = AllocatedBytes.during(() -> {
                for (int i = 0; i < 100; i++) {
                    step.run();
                }
            });
        } while (bytes >= 1000 && System.nanoTime() < deadline);
        return bytes;
    }
}
