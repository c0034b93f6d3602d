package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A new file of packed weights. Panels are packed in memory, that of the weights or a buffer of each worker, and written from there: a
 * full disk is then a failed write, where a mapping would end the process.
 *
 * <p>The file has another name until it is sealed. Nothing but a sealed file is ever read.
 */
final class PackWriter implements AutoCloseable {

    private final Path unfinished;
    private final Path target;
    private final FileChannel channel;
    private final PackImage image;
    private final Map<String, PackTable.Entry> written = new LinkedHashMap<>();
    private final String bootId;
    private final String identity;
    private boolean sealed;

    private PackWriter(Path unfinished, Path target, FileChannel channel, String bootId, String identity, PackPlan plan,
                       WeightMemory memory, Arena arena) throws IOException {
        this.unfinished = unfinished;
        this.target = target;
        this.channel = channel;
        this.bootId = bootId;
        this.identity = identity;
        write(ByteBuffer.allocate(1), plan.bytes() - 1);
        this.image = PackImage.of(plan, channel, memory, arena);
    }

    /**
     * Begins a file with room for these matrices.
     *
     * @param memory for the packed matrices; the file is mapped if there is no room
     * @param arena  owns that memory or the mapping
     * @return empty if it would not fit the cache or the disk
     */
    static Optional<PackWriter> begin(WeightCache cache, ModelKey key, List<Tensor> matrices, WeightMemory memory, Arena arena)
            throws IOException {
        CacheFolder folder = new CacheFolder(cache);
        PackPlan plan = plan(cache.bootId(), key.identity(), matrices);
        Optional<Path> unfinished = folder.unfinished(key, plan.bytes());
        if (unfinished.isEmpty()) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(unfinished.get(), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            // Held until the channel is closed; a file without a lock counts as left over.
            channel.lock();
            return Optional.of(new PackWriter(unfinished.get(), folder.file(key), channel, cache.bootId(), key.identity(), plan,
                    memory, arena));
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            Files.deleteIfExists(unfinished.get());
            throw e;
        }
    }

    /** The table is as long whatever the offsets are. */
    private static PackPlan plan(String bootId, String identity, List<Tensor> matrices) throws IOException {
        byte[] table = new PackTable(PanelLayout.VERSION, bootId, identity, PackPlan.of(matrices, 0).entries()).toBytes();
        return PackPlan.of(matrices, PackFile.HEAD_BYTES + table.length);
    }

    /** Where the packed matrices lie in memory. */
    PackImage image() {
        return image;
    }

    /** Whether a matrix is still to be packed to this file. */
    boolean takes(Tensor tensor) {
        return !sealed && image.entry(tensor).isPresent();
    }

    /**
     * Packs a matrix that this file {@linkplain #takes}, to its place in the file and in the image.
     *
     * @throws UncheckedIOException if the disk refuses it; then the matrix must be packed elsewhere and this be closed
     */
    void pack(Tensor tensor, Panels panels, WorkerTeam team) {
        PackTable.Entry entry = image.entry(tensor).orElseThrow();
        Panels.Target toFile = (packed, offset) -> {
            try {
                write(packed.asByteBuffer(), entry.offset() + offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        if (image.isMapped()) {
            panels.packThroughBuffers(tensor, team, toFile);
        } else {
            panels.pack(tensor, team, image.data(entry), toFile);
        }
        written.put(tensor.name(), entry);
    }

    private void write(ByteBuffer bytes, long offset) throws IOException {
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position() - start);
        }
    }

    /** Gives the file its name, so that the next start finds it. Another process may have done so before: the last one stays. */
    void seal() throws IOException {
        write(PackFile.start(new PackTable(PanelLayout.VERSION, bootId, identity, written).toBytes(), image.bytes()), 0);
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
