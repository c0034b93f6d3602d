package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The packed matrices of one model, in one piece of memory. The first start packs them there, and to a file in the cache if there is
 * one; the next start maps that file and moves it into memory while the model already works, unless memory is short. Owns the
 * memory, which ends with {@link #close}.
 *
 * <p>Loading calls {@link #pack} for each matrix and then {@link #finish}. One thread at a time uses an instance. Whatever is
 * wrong with the cache, packing goes on in memory.
 */
public final class PackedWeights implements AutoCloseable {

    /**
     * Models that pack to less are not worth a file: packing takes 50 ms at 1.3 GB/s, little more than finding and reading a file.
     */
    public static final long LEAST_CACHED_BYTES = 64L << 20;

    private final Arena arena = Arena.ofShared();
    private final Panels panels;
    private final PackingListener listener;
    private final WeightMemory memory;
    private final Map<String, PackedMatrix> packed = new HashMap<>();
    private final PackImage image;
    private final Optional<Found> found;
    private Optional<WeightMover> mover = Optional.empty();
    private Optional<PackWriter> writer = Optional.empty();

    /**
     * A file that was found.
     *
     * @param channel as long as it is open, the file is not deleted
     */
    private record Found(Path path, PackFile file, FileChannel channel, PackImage image) {
    }

    private PackedWeights(List<Tensor> matrices, Optional<Place> place, PackingListener listener, WeightMemory memory) {
        this.panels = new Panels(listener, bytes(matrices));
        this.listener = listener;
        this.memory = memory;
        List<Tensor> planned = matrices.stream().filter(matrix -> PanelLayout.exists(matrix.format())).toList();
        this.found = place.flatMap(this::find);
        if (found.isEmpty()) {
            place.ifPresent(free -> begin(free, planned));
        }
        this.image = found.map(Found::image).or(() -> writer.map(PackWriter::image))
                .orElseGet(() -> PackImage.inMemory(PackPlan.of(planned, 0), memory, arena));
    }

    private record Place(WeightCache cache, ModelKey key) {

        Path file() {
            return new CacheFolder(cache).file(key);
        }
    }

    /**
     * Opens the packed weights of a model: from the cache, or in memory for a {@linkplain #LEAST_CACHED_BYTES small} one.
     *
     * @param matrices all that may be packed; whatever else is packed is kept in memory
     * @param key      of the model file; empty for a model in no file, which is not cached
     * @param cache    empty for none
     */
    public static PackedWeights open(List<Tensor> matrices, Optional<ModelKey> key, Optional<WeightCache> cache,
                                     PackingListener listener, WeightMemory memory) {
        boolean cached = key.isPresent() && cache.isPresent() && bytes(matrices) >= LEAST_CACHED_BYTES;
        return cached ? cached(matrices, key.get(), cache.get(), listener, memory) : inMemory(matrices, listener, memory);
    }

    /** Packs into memory of its own. */
    public static PackedWeights inMemory(List<Tensor> matrices, PackingListener listener, WeightMemory memory) {
        return new PackedWeights(matrices, Optional.empty(), listener, memory);
    }

    /** Keeps packed weights of any size in the cache. */
    static PackedWeights cached(List<Tensor> matrices, ModelKey key, WeightCache cache, PackingListener listener, WeightMemory memory) {
        return new PackedWeights(matrices, Optional.of(new Place(cache, key)), listener, memory);
    }

    /** Bytes of all these matrices once packed; those without a layout count nothing. */
    public static long bytes(List<Tensor> matrices) {
        return matrices.stream().filter(matrix -> PanelLayout.exists(matrix.format()))
                .mapToLong(matrix -> PanelLayout.of(matrix.format()).bytes(matrix.shape())).sum();
    }

    private Optional<Found> find(Place place) {
        return CacheFolder.use(place.file()).flatMap(channel -> {
            Optional<Found> usable = PackFile.read(channel, place.key, place.cache.bootId()).flatMap(file -> find(place, file, channel));
            if (usable.isEmpty()) {
                closeQuietly(channel);
            }
            return usable;
        });
    }

    private Optional<Found> find(Place place, PackFile file, FileChannel channel) {
        try {
            PackPlan plan = new PackPlan(file.table().entries(), file.bytes());
            return Optional.of(new Found(place.file(), file, channel, PackImage.mapped(plan, channel, arena)));
        } catch (IOException unmappable) {
            return Optional.empty();
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException read) {
            // Nothing was written.
        }
    }

    private void begin(Place place, List<Tensor> matrices) {
        try {
            writer = PackWriter.begin(place.cache, place.key, matrices, memory, arena);
            if (writer.isEmpty()) {
                listener.notice("packed weights stay in memory: the cache %s has no room for %d MB".formatted(
                        place.cache.folder(), bytes(matrices) / 1_000_000));
            }
        } catch (IOException e) {
            listener.notice("packed weights stay in memory: cannot write to the cache " + place.cache.folder() + ", " + reason(e));
        }
    }

    /** The file system's message is often only the path. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /**
     * The packed form of a matrix, from the cache or packed by the team; the same whenever it is asked for.
     *
     * @param tensor in a format that {@linkplain PanelLayout#exists has a layout}; the only one of its name
     */
    public PackedMatrix pack(Tensor tensor, WorkerTeam team) {
        return packed.computeIfAbsent(tensor.name(), name -> {
            PanelLayout layout = PanelLayout.of(tensor.format());
            MemorySegment data = cached(tensor).orElseGet(() -> packNow(tensor, layout, team));
            return new PackedMatrix(name, tensor.shape(), data, layout);
        });
    }

    private MemorySegment packNow(Tensor tensor, PanelLayout layout, WorkerTeam team) {
        MemorySegment data = written(tensor, team).orElseGet(() -> unwritten(tensor, layout, team));
        memory.released(tensor.data());
        return data;
    }

    private Optional<MemorySegment> cached(Tensor tensor) {
        return found.flatMap(_ -> image.data(tensor));
    }

    private Optional<MemorySegment> written(Tensor tensor, WorkerTeam team) {
        try {
            return writer.filter(open -> open.takes(tensor)).flatMap(open -> {
                open.pack(tensor, panels, team);
                return image.data(tensor);
            });
        } catch (UncheckedIOException e) {
            abandon("the rest of the packed weights stays in memory", e.getCause());
            return Optional.empty();
        }
    }

    private MemorySegment unwritten(Tensor tensor, PanelLayout layout, WorkerTeam team) {
        MemorySegment target = Optional.of(image).filter(own -> !own.isMapped()).flatMap(own -> own.data(tensor))
                .orElseGet(() -> memory.allocate(arena, layout.bytes(tensor.shape())));
        panels.pack(tensor, team, target, (_, _) -> { });
        return target;
    }

    /** All matrices are packed: from now on, other starts find them in the cache. Those that were found there begin to move. */
    public void finish() {
        panels.close();
        mover = found.map(file -> new WeightMover(image, file.channel, foundMatrices(), memory, arena));
        try {
            if (writer.isPresent()) {
                writer.get().seal();
            }
        } catch (IOException e) {
            abandon("the next start will pack the weights again", e);
        }
    }

    private List<PackedMatrix> foundMatrices() {
        return packed.values().stream().filter(matrix -> matrix.data().isMapped())
                .sorted(Comparator.comparingLong(matrix -> matrix.data().address())).toList();
    }

    /** Waits until all matrices are where they stay. */
    public void awaitMoved() throws InterruptedException {
        if (mover.isPresent()) {
            mover.get().await();
        }
    }

    private void abandon(String consequence, IOException e) {
        listener.notice(consequence + ": cannot write to the cache, " + reason(e));
        closeWriter();
        writer = Optional.empty();
    }

    private void closeWriter() {
        try {
            if (writer.isPresent()) {
                writer.get().close();
            }
        } catch (IOException e) {
            listener.notice("the next start may pack the weights again: cannot finish the cache, " + reason(e));
        }
    }

    /** Ends the memory of all packed matrices. A new file in the cache is forced to the disk first, which may take seconds. */
    @Override
    public void close() {
        mover.ifPresent(WeightMover::close);
        panels.close();
        closeWriter();
        found.ifPresent(PackedWeights::closeFound);
        arena.close();
    }

    private static void closeFound(Found found) {
        try (found.channel) {
            if (!found.file.onDisk()) {
                forceToDisk(found.path);
            }
        } catch (IOException notForced) {
            // The file stays good until the system starts anew; then it is packed again.
        }
    }

    private static void forceToDisk(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            PackFile.forceToDisk(channel);
        }
    }
}
