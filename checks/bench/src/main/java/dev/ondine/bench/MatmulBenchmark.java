package dev.ondine.bench;

import dev.ondine.kernels.VectorKernels;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products of the shapes of a 1.2 B model. {@code weightGigabytes} is GB/s of weights read, {@code gigaMacs} is 10⁹
 * multiply-accumulates/s. Weights rotate over more memory than the caches hold.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBenchmark {

    private static final int ROWS = 8192;
    private static final int COLUMNS = 2048;
    private static final long ROTATION_BYTES = 640L << 20;

    @Param({"Q4_0", "Q8_0", "Q4_K", "Q6_K", "F16", "F32"})
    public NumberFormat format;

    @Param({"1", "4", "128"})
    public int batch;

    @Param({"1", "2"})
    public int threads;

    private final Arena arena = Arena.ofShared();
    private WorkerTeam team;
    private Kernels kernels;
    private Tensor[] weights;
    private Matrix x;
    private Matrix y;
    private int next;

    /** Rates that JMH prints beside the operations. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        public double weightGigabytes;
        public double gigaMacs;
    }

    @Setup
    public void allocate() {
        team = new WorkerTeam(threads);
        kernels = new VectorKernels(team);
        long bytes = format.bytes((long) ROWS * COLUMNS);
        weights = new Tensor[Math.toIntExact(Math.ceilDiv(ROTATION_BYTES, bytes))];
        for (int i = 0; i < weights.length; i++) {
            MemorySegment data = arena.allocate(bytes, 64);
            data.fill((byte) 0x11);
            weights[i] = new Tensor("weight", format, Shape.of(ROWS, COLUMNS), data);
        }
        x = Matrix.allocate(arena, batch, COLUMNS);
        y = Matrix.allocate(arena, batch, ROWS);
    }

    @TearDown
    public void free() {
        team.close();
        arena.close();
    }

    @Benchmark
    public Matrix multiply(Rates rates) {
        Tensor weight = weights[next++ % weights.length];
        kernels.matmul(weight, x, y);
        rates.weightGigabytes += weight.data().byteSize() * 1e-9;
        rates.gigaMacs += (double) ROWS * COLUMNS * batch * 1e-9;
        return y;
    }
}
