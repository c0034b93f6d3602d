package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model of three matrices, the same in every process, and what became of packing it. */
final class SmallModel implements PackingListener, WeightMemory, AutoCloseable {

    static final ModelKey KEY = new ModelKey("small.gguf-1.pack", "small.gguf, 7 bytes");
    static final String BOOT = "this boot";

    final List<Tensor> matrices;
    final List<String> notices = new ArrayList<>();
    final List<MemorySegment> released = new ArrayList<>();
    final WorkerTeam team;
    /** Whether there is memory for weights beside their file. */
    boolean room = true;
    long allocatedBytes;
    long doneBytes;
    long totalBytes;

    private final Arena arena = Arena.ofShared();

    SmallModel(int workers) {
        RandomTensors random = new RandomTensors(arena);
        // More than one share, and panels that are larger than one.
        matrices = List.of(random.tensor("a", NumberFormat.Q8_0, 500, 2048), random.tensor("b", NumberFormat.F32, 17, 10_000),
                random.tensor("c", NumberFormat.Q4_K, 1, 256));
        team = new WorkerTeam(workers);
    }

    WeightCache cache(Path folder) {
        return new WeightCache(folder, 1L << 30, BOOT);
    }

    PackedWeights open(Path folder) {
        return open(cache(folder), KEY);
    }

    PackedWeights open(WeightCache cache, ModelKey key) {
        return PackedWeights.cached(matrices, key, cache, this, this);
    }

    /** Packs everything and takes the bytes out. */
    List<byte[]> packAll(PackedWeights weights) {
        return matrices.stream().map(matrix -> bytes(weights, matrix)).toList();
    }

    byte[] bytes(PackedWeights weights, Tensor matrix) {
        return weights.pack(matrix, team).data().toArray(ValueLayout.JAVA_BYTE);
    }

    /** What the layouts alone make of the matrices. */
    List<byte[]> expected() {
        return matrices.stream().map(matrix -> {
            PanelLayout layout = PanelLayout.of(matrix.format());
            MemorySegment data = arena.allocate(layout.bytes(matrix.shape()), 64);
            layout.pack(matrix, 0, PanelLayout.panels(matrix.rows()), data);
            return data.toArray(ValueLayout.JAVA_BYTE);
        }).toList();
    }

    @Override
    public void progress(long done, long total) {
        doneBytes = done;
        totalBytes = total;
    }

    @Override
    public void notice(String line) {
        notices.add(line);
    }

    /** What the matrices take in one piece of memory. */
    long imageBytes(long headBytes) {
        return PackPlan.of(matrices, headBytes).bytes();
    }

    @Override
    public boolean hasRoom(long bytes) {
        return room;
    }

    @Override
    public MemorySegment allocate(Arena owner, long bytes) {
        allocatedBytes += bytes;
        return owner.allocate(bytes, 64);
    }

    @Override
    public void released(MemorySegment source) {
        released.add(source);
    }

    @Override
    public void close() {
        team.close();
        arena.close();
    }
}
