package dev.ondine.synth;

import dev.ondine.files.TensorSource;
import dev.ondine.synth.SynthTensors.Planned;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** The random numbers of all tensors of one model, made while they are written. Owns the memory for it. */
final class RandomContents implements AutoCloseable {

    /** In rows of any architecture: enough for scores and gates that differ, little enough that deep models stay finite. */
    private static final double GAIN = 1.3;
    private static final float VECTOR_DEVIATION = 0.2f;
    private static final long PIECE_RUNS = 1 << 14;
    private static final int RUNS_AT_ONCE = 512;

    /** Matrices that share their runs: the deviation follows from the columns. */
    private record Kind(NumberFormat format, long columns) {
    }

    private final Arena arena = Arena.ofShared();
    private final List<Planned> tensors;
    private final long seed;
    private final WorkerTeam team;
    private final LongConsumer progress;
    private final Map<Kind, RandomRuns> runs = new HashMap<>();
    private final MemorySegment piece;
    private long writtenBytes;

    RandomContents(List<Planned> tensors, long seed, WorkerTeam team, LongConsumer progress) {
        this.tensors = tensors;
        this.seed = seed;
        this.team = team;
        this.progress = progress;
        this.piece = arena.allocate(tensors.stream().mapToLong(tensor -> tensor.format().bytes(
                Math.min(tensor.shape().elements(), PIECE_RUNS * RandomRuns.RUN))).max().orElseThrow(), 64);
    }

    List<TensorSource> sources() {
        return tensors.stream().map(tensor -> new TensorSource(tensor.name(), tensor.format(), tensor.shape(),
                target -> write(tensor, target))).toList();
    }

    private void write(Planned tensor, TensorSource.Target target) throws IOException {
        if (tensor.shape().sizes().length == 1) {
            fillVector(tensor);
            give(target, tensor.format().bytes(tensor.shape().elements()));
            return;
        }
        RandomRuns source = runs.computeIfAbsent(kind(tensor), this::newRuns);
        long tensorSeed = Seeds.mixed(seed, tensor.name());
        long bytes = tensor.format().bytes(tensor.shape().elements());
        long runBytes = tensor.format().bytes(RandomRuns.RUN);
        for (long run = 0; run * runBytes < bytes; run += PIECE_RUNS) {
            long first = run;
            MemorySegment part = piece.asSlice(0, Math.min(PIECE_RUNS * runBytes, bytes - run * runBytes));
            team.split(Math.toIntExact(Math.ceilDiv(part.byteSize(), runBytes)), RUNS_AT_ONCE, (_, from, to) -> source.fill(
                    tensorSeed, first + from, part.asSlice(from * runBytes, Math.min(to * runBytes, part.byteSize()) - from * runBytes)));
            give(target, part.byteSize());
        }
    }

    private void give(TensorSource.Target target, long bytes) throws IOException {
        target.accept(piece.asSlice(0, bytes));
        writtenBytes += bytes;
        progress.accept(writtenBytes);
    }

    private void fillVector(Planned tensor) {
        SplittableRandom random = new SplittableRandom(Seeds.mixed(seed, tensor.name()));
        float[] numbers = new float[Math.toIntExact(tensor.shape().elements())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.mean() + VECTOR_DEVIATION * (float) random.nextGaussian();
        }
        tensor.format().encode(numbers, 0, piece, 0, numbers.length);
    }

    private static Kind kind(Planned tensor) {
        return new Kind(tensor.format(), tensor.shape().columns());
    }

    private RandomRuns newRuns(Kind kind) {
        long wanted = tensors.stream().filter(tensor -> kind(tensor).equals(kind))
                .mapToLong(tensor -> Math.ceilDiv(tensor.shape().elements(), (long) RandomRuns.RUN)).sum();
        return new RandomRuns(arena, team, kind.format, (float) (GAIN / Math.sqrt(kind.columns)), wanted,
                Seeds.mixed(seed, kind.toString()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
