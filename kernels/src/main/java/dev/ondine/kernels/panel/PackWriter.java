package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A new file of packed weights. Panels are packed in a buffer of each worker and written from there: a full disk is then a failed
 * write, where a mapping would end the process. What was written is read through a mapping, so it is in memory once.
 *
 * <p>The file has another name until it is sealed. Nothing but a sealed file is ever read.
 */
final class PackWriter implements AutoCloseable {

    private final Path unfinished;
    private final Path target;
    private final FileChannel channel;
    private final Map<String, PackTable.Entry> planned;
    private final Map<String, PackTable.Entry> written = new LinkedHashMap<>();
    private final String bootId;
    private final String identity;
    private final long fileBytes;
    private final MemorySegment contents;
    private boolean sealed;

    private PackWriter(Path unfinished, Path target, FileChannel channel, Map<String, PackTable.Entry> planned, String bootId,
                       String identity, Arena arena) throws IOException {
        this.unfinished = unfinished;
        this.target = target;
        this.channel = channel;
        this.planned = planned;
        this.bootId = bootId;
        this.identity = identity;
        this.fileBytes = end(planned);
        write(ByteBuffer.allocate(1), fileBytes - 1);
        this.contents = channel.map(MapMode.READ_ONLY, 0, fileBytes, arena);
    }

    /**
     * Begins a file with room for these matrices.
     *
     * @param arena owns the mapping
     * @return empty if it would not fit the cache or the disk
     */
    static Optional<PackWriter> begin(WeightCache cache, ModelKey key, List<Tensor> matrices, Arena arena) throws IOException {
        CacheFolder folder = new CacheFolder(cache);
        Map<String, PackTable.Entry> planned = plan(cache.bootId(), key.identity(), matrices);
        Optional<Path> unfinished = folder.unfinished(key, end(planned));
        if (unfinished.isEmpty()) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(unfinished.get(), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            // Held until the channel is closed; a file without a lock counts as left over.
            channel.lock();
            return Optional.of(new PackWriter(unfinished.get(), folder.file(key), channel, planned, cache.bootId(), key.identity(), arena));
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(unfinished.get());
            throw e;
        }
    }

    /** Where each matrix will lie; the table is as long whatever the offsets are. */
    private static Map<String, PackTable.Entry> plan(String bootId, String identity, List<Tensor> matrices) throws IOException {
        Map<String, PackTable.Entry> planned = new LinkedHashMap<>();
        matrices.forEach(matrix -> planned.put(matrix.name(), new PackTable.Entry(matrix.format(), matrix.shape(), 0)));
        long offset = pages(PackFile.HEAD_BYTES + new PackTable(PanelLayout.VERSION, bootId, identity, planned).toBytes().length);
        for (Map.Entry<String, PackTable.Entry> named : planned.entrySet()) {
            PackTable.Entry entry = new PackTable.Entry(named.getValue().format(), named.getValue().shape(), offset);
            named.setValue(entry);
            offset = pages(Math.addExact(offset, entry.bytes()));
        }
        return planned;
    }

    private static long end(Map<String, PackTable.Entry> planned) {
        return planned.values().stream().mapToLong(entry -> pages(entry.offset() + entry.bytes())).max().orElse(PackFile.PAGE_BYTES);
    }

    private static long pages(long bytes) {
        return Math.ceilDiv(bytes, PackFile.PAGE_BYTES) * PackFile.PAGE_BYTES;
    }

    /** The place of a matrix; empty if none was planned, or the file is sealed. */
    Optional<PackTable.Entry> place(Tensor tensor) {
        return sealed ? Optional.empty() : Optional.ofNullable(planned.get(tensor.name())).filter(entry -> entry.holds(tensor));
    }

    /**
     * Packs a matrix to its place.
     *
     * @throws UncheckedIOException if the disk refuses it; then the matrix must be packed elsewhere and this be closed
     */
    MemorySegment pack(Tensor tensor, PackTable.Entry place, Panels panels, WorkerTeam team) {
        panels.forEachShare(tensor, team, (buffer, offset) -> {
            try {
                write(buffer.asByteBuffer(), place.offset() + offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        written.put(tensor.name(), place);
        return contents.asSlice(place.offset(), place.bytes());
    }

    private void write(ByteBuffer bytes, long offset) throws IOException {
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position() - start);
        }
    }

    /** Gives the file its name, so that the next start finds it. Another process may have done so before: the last one stays. */
    void seal() throws IOException {
        write(PackFile.start(new PackTable(PanelLayout.VERSION, bootId, identity, written).toBytes(), fileBytes), 0);
        if (bootId.isEmpty()) {
            PackFile.forceToDisk(channel);
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        sealed = true;
    }

    /**
     * Waits until a sealed file is on the disk, and deletes one that is not sealed. What was packed stays readable until its arena is
     * closed.
     */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (!sealed) {
                Files.deleteIfExists(unfinished);
            } else if (!bootId.isEmpty()) {
                PackFile.forceToDisk(channel);
            }
        }
    }
}
