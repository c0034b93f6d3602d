package dev.ondine.cli;

import dev.ondine.kernels.machine.CodeMemoryException;
import dev.ondine.kernels.machine.MachineRoofs;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The memory roof: how many bytes a second all workers together read, streaming through more than any cache holds. */
final class MemoryRoof {

    private static final long BUFFER_BYTES = 256L << 20;
    private static final int SHARE_BYTES = 1 << 20;
    private static final long MEASURE_NANOS = 400_000_000;
    private static final long WARM_UP_NANOS = 200_000_000;

    private MemoryRoof() {
    }

    /** Bytes per second of the best pass, read by machine code where any runs. Takes about a second. */
    static double bytesPerSecond(WorkerTeam team) {
        return processor().map(processor -> bytesPerSecond(processor, team)).orElseGet(() -> bytesPerSecondInJava(team));
    }

    private static Optional<Processor> processor() {
        try {
            return Optional.of(Processor.of(Machine.HOST)).filter(processor -> !processor.isas().isEmpty());
        } catch (CodeMemoryException refused) {
            return Optional.empty();
        }
    }

    private static double bytesPerSecond(Processor processor, WorkerTeam team) {
        try (MachineRoofs roofs = new MachineRoofs(Machine.HOST, processor, team)) {
            return roofs.memoryBytesPerSecond(team.size());
        }
    }

    static double bytesPerSecondInJava(WorkerTeam team) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES, 64);
            long[] sums = new long[team.size() * 16];
            double best = 0;
            // Until the loop is machine code.
            for (long startNanos = System.nanoTime(); System.nanoTime() - startNanos < WARM_UP_NANOS; ) {
                sums[0] += sum(buffer.asSlice(0, SHARE_BYTES));
            }
            for (long startNanos = System.nanoTime(); System.nanoTime() - startNanos < MEASURE_NANOS; ) {
                long passNanos = System.nanoTime();
                team.split((int) (BUFFER_BYTES / SHARE_BYTES), 1, (worker, from, to) -> {
                    for (int share = from; share < to; share++) {
                        sums[worker * 16] += sum(buffer.asSlice((long) share * SHARE_BYTES, SHARE_BYTES));
                    }
                });
                best = Math.max(best, BUFFER_BYTES * 1e9 / (System.nanoTime() - passNanos));
            }
            return best;
        }
    }

    /** Independent sums, so that loads and not additions set the pace. */
    private static long sum(MemorySegment share) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < SHARE_BYTES / Long.BYTES; i += 4) {
            a += share.getAtIndex(ValueLayout.JAVA_LONG, i);
            b += share.getAtIndex(ValueLayout.JAVA_LONG, i + 1);
            c += share.getAtIndex(ValueLayout.JAVA_LONG, i + 2);
            d += share.getAtIndex(ValueLayout.JAVA_LONG, i + 3);
        }
        return a + b + c + d;
    }
}
