package dev.ondine.bench;

import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * What the worker team costs: one split without work, and reading memory (576 items of 16 KiB a split, as large as a matrix of
 * 8192 x 2048 in Q4_0; {@code gigabytes} is GB/s), alone on the machine and beside processes that keep a core busy each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms1g", "-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class WorkerTeamBenchmark {

    private static final int ITEM = 2048;
    private static final int ITEMS = 576;

    @Param({"2", "4"})
    public int threads;

    @Param({"0", "1"})
    public int competitors;

    private final List<Process> busy = new ArrayList<>();
    private final long[] memory = new long[64 * ITEMS * ITEM];
    private final WorkerTeam.Work nothing = (worker, from, to) -> { };
    private final WorkerTeam.Work read = this::read;
    private WorkerTeam team;
    private long[] sumOfWorker;
    private int split;

    /** A rate that JMH prints beside the times. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        public double gigabytes;
    }

    @Setup
    public void start() throws IOException {
        team = new WorkerTeam(threads);
        sumOfWorker = new long[threads * 8];
        for (int i = 0; i < competitors; i++) {
            busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
    }

    @TearDown
    public void stop() {
        busy.forEach(Process::destroyForcibly);
        team.close();
    }

    @Benchmark
    public void rendezvous() {
        team.split(threads, 1, nothing);
    }

    @Benchmark
    public long[] stream(Rates rates) {
        split = (split + 1) % 64;
        team.split(ITEMS, 4, read);
        rates.gigabytes += ITEMS * ITEM * 8e-9;
        return sumOfWorker;
    }

    private void read(int worker, int from, int to) {
        int base = split * ITEMS * ITEM;
        long sum = 0;
        for (int i = base + from * ITEM; i < base + to * ITEM; i++) {
            sum += memory[i];
        }
        sumOfWorker[worker * 8] += sum;
    }
}
