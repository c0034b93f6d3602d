package dev.ondine.synth;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Encoded runs of 256 normally distributed numbers, from which the matrices of one format and deviation are put together: encoding
 * every number of a large model would take minutes. A tensor goes through all runs in an order of its own before it takes one again.
 */
final class RandomRuns {

    /** Whole blocks of every format. */
    static final int RUN = 256;

    /** Four million numbers: seconds to encode in the slowest format on one thread, and at most 16 MiB. */
    private static final int MOST_RUNS = 1 << 14;
    private static final int RUNS_AT_ONCE = 64;

    private final MemorySegment runs;
    private final int count;
    private final long runBytes;

    /**
     * @param wanted runs that all tensors together need; no more are made
     * @param seed   of these runs
     */
    RandomRuns(Arena arena, WorkerTeam team, NumberFormat format, float deviation, long wanted, long seed) {
        count = (int) Math.min(MOST_RUNS, Math.max(1, Long.highestOneBit(2 * wanted - 1)));
        runBytes = format.bytes(RUN);
        runs = arena.allocate(count * runBytes, 64);
        team.split(count, RUNS_AT_ONCE, (_, from, to) -> {
            float[] numbers = new float[RUN];
            for (int run = from; run < to; run++) {
                SplittableRandom random = new SplittableRandom(Seeds.mixed(seed, run));
                for (int i = 0; i < RUN; i++) {
                    numbers[i] = deviation * (float) random.nextGaussian();
                }
                format.encode(numbers, 0, runs, run * runBytes, RUN);
            }
        });
    }

    /** Fills the target with the runs of a tensor from one on; the last may be cut. */
    void fill(long tensorSeed, long firstRun, MemorySegment target) {
        long run = firstRun;
        for (long offset = 0; offset < target.byteSize(); offset += runBytes, run++) {
            long bytes = Math.min(runBytes, target.byteSize() - offset);
            MemorySegment.copy(runs, runAt(tensorSeed, run) * runBytes, target, offset, bytes);
        }
    }

    /** An odd stride through a power of two meets every run once. */
    private long runAt(long tensorSeed, long run) {
        long order = Seeds.mixed(tensorSeed, run / count);
        return ((order | 1) * run + (order >>> 32)) & count - 1;
    }
}
