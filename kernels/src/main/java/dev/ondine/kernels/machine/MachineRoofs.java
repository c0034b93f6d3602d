package dev.ondine.kernels.machine;

import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What this machine can do at most, measured by machine code: bytes that it reads from memory and products that it adds up from
 * registers. Each measurement takes less than half a second. One thread at a time may use it.
 */
public final class MachineRoofs implements AutoCloseable {

    // Twice what caches hold, as far as they tell; no more than small machines have to spare, and than is written in a moment.
    private static final long LEAST_BYTES = 256L << 20;
    private static final long MOST_BYTES = 512L << 20;
    private static final long PART_ALIGNMENT = 4096;
    private static final long MEMORY_NANOS = 250_000_000;
    private static final long COMPUTE_NANOS = 100_000_000;
    /** As short as a program that competes for the processor is likely to leave alone. */
    private static final long SAMPLE_NANOS = 1_000_000;
    private static final long FIRST_PASSES = 20_000;

    private final WorkerTeam team;
    private final Pages pages;
    private final List<ComputeRoof> computeRoofs;
    private final CodeMemory memory;
    private final Arena arena = Arena.ofShared();
    /** One for each worker, in memory far apart. */
    private final MemorySegment[] blocks;
    private final long bufferBytes;
    /** Made by the first measurement of memory. */
    private MemorySegment buffer;

    /**
     * @param processor that this machine has
     * @param team      measures; borrowed
     * @throws CodeMemoryException      if no machine code runs on this host
     * @throws IllegalArgumentException if the processor has none of the instruction sets that kernels are generated for
     */
    public MachineRoofs(Host host, Processor processor, WorkerTeam team) {
        if (processor.isas().isEmpty()) {
            throw new IllegalArgumentException("%s has not even AVX2, expected it, FMA and F16C".formatted(processor.name()));
        }
        this.team = team;
        pages = new Pages(host);
        computeRoofs = Arrays.stream(ComputeRoof.values()).filter(roof -> roof.runsOn(processor)).toList();
        bufferBytes = Math.clamp(2 * processor.cacheBytes(), LEAST_BYTES, MOST_BYTES);
        List<byte[]> codes = new ArrayList<>(List.of(MemoryRoofCode.of(processor.isas().getFirst())));
        computeRoofs.forEach(roof -> codes.add(ComputeRoofCode.of(roof)));
        memory = CodeMemory.of(host, codes);
        blocks = new MemorySegment[team.size()];
        Arrays.setAll(blocks, worker -> ComputeRoofCode.newBlock(arena));
    }

    /** What the processor can compute with. */
    public List<ComputeRoof> computeRoofs() {
        return computeRoofs;
    }

    /**
     * Bytes per second that so many threads read together, each its own part of a large buffer from front to back: the best pass.
     *
     * @throws IllegalArgumentException if the team has fewer threads
     */
    public double memoryBytesPerSecond(int threads) {
        return memoryBytesPerSecond(threads, bufferBytes);
    }

    /**
     * The same with a smaller working set, which caches may hold from one pass to the next.
     *
     * @throws IllegalArgumentException if the team has fewer threads, or the working set is empty or larger than twice what caches hold
     */
    public double memoryBytesPerSecond(int threads, long workingSetBytes) {
        check(threads);
        if (workingSetBytes < (long) threads * PART_ALIGNMENT || workingSetBytes > bufferBytes) {
            throw new IllegalArgumentException("a working set of %d bytes cannot be measured, expected %d to %d"
                    .formatted(workingSetBytes, threads * PART_ALIGNMENT, bufferBytes));
        }
        if (buffer == null) {
            buffer = pages.allocate(arena, bufferBytes);
            // Pages that nobody has written are all the same one.
            team.split(team.size(), 1, (worker, from, to) -> parts(bufferBytes, from, to, team.size()).fill((byte) 1));
        }
        long bestNanos = Long.MAX_VALUE;
        for (long startNanos = System.nanoTime(), now = startNanos; now - startNanos < MEMORY_NANOS; ) {
            team.split(threads, 1, (worker, from, to) -> read(worker, parts(workingSetBytes, from, to, threads)));
            long end = System.nanoTime();
            bestNanos = Math.min(bestNanos, end - now);
            now = end;
        }
        return workingSetBytes * 1e9 / bestNanos;
    }

    /** The largest working set that is measured: more than the caches hold, as far as they tell. */
    public long mostBytes() {
        return bufferBytes;
    }

    /** Some of the equal parts that the front of the buffer is cut into. */
    private MemorySegment parts(long bytes, int from, int to, int count) {
        long begin = bytes / PART_ALIGNMENT * from / count * PART_ALIGNMENT;
        long end = bytes / PART_ALIGNMENT * to / count * PART_ALIGNMENT;
        return buffer.asSlice(begin, end - begin);
    }

    private void read(int worker, MemorySegment part) {
        MemorySegment block = blocks[worker];
        block.set(ValueLayout.JAVA_LONG, MemoryRoofCode.ADDRESS, part.address());
        block.set(ValueLayout.JAVA_LONG, MemoryRoofCode.BYTES, part.byteSize());
        memory.code(0).call(block.address());
    }

    /**
     * Products per second that so many threads add up together, from registers: the best of some samples.
     *
     * @throws IllegalArgumentException if the team has fewer threads or the processor lacks the instruction
     */
    public double multiplyAccumulatesPerSecond(ComputeRoof roof, int threads) {
        check(threads);
        if (!computeRoofs.contains(roof)) {
            throw new IllegalArgumentException("this processor has no " + roof.instruction());
        }
        long firstNanos = Math.min(nanos(roof, threads, FIRST_PASSES), nanos(roof, threads, FIRST_PASSES));
        long passes = Math.max(1, FIRST_PASSES * SAMPLE_NANOS / firstNanos);
        long bestNanos = Long.MAX_VALUE;
        for (long startNanos = System.nanoTime(); System.nanoTime() - startNanos < COMPUTE_NANOS; ) {
            bestNanos = Math.min(bestNanos, nanos(roof, threads, passes));
        }
        return (double) threads * passes * ComputeRoofCode.steps(roof) * roof.products * 1e9 / bestNanos;
    }

    private long nanos(ComputeRoof roof, int threads, long passes) {
        long startNanos = System.nanoTime();
        team.split(threads, 1, (worker, from, to) -> compute(roof, worker, (to - from) * passes));
        return System.nanoTime() - startNanos;
    }

    private void compute(ComputeRoof roof, int worker, long passes) {
        MemorySegment block = blocks[worker];
        block.set(ValueLayout.JAVA_LONG, ComputeRoofCode.PASSES, passes);
        memory.code(1 + computeRoofs.indexOf(roof)).call(block.address());
    }

    private void check(int threads) {
        if (threads < 1 || threads > team.size()) {
            throw new IllegalArgumentException("%d threads cannot be measured with a team of %d".formatted(threads, team.size()));
        }
    }

    @Override
    public void close() {
        memory.close();
        arena.close();
    }
}
