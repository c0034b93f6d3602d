package dev.ondine.files;

import dev.ondine.tensor.Tensor;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A GGUF model file in memory: metadata and tensors. Owns the memory of the tensors, which ends with {@link #close}; the metadata
 * lives on.
 *
 * <p>A file is mapped, not read, so that opening costs its header only; the tensors of a big-endian file are copied. Every problem
 * raises {@link ModelFileException}.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
public final class GgufFile implements AutoCloseable {

    private final Arena arena;
    private final Metadata metadata;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<Path> paths;
    private final long headerChecksum;
    private final long bytes;

    private GgufFile(Arena arena, List<GgufPart> parts) {
        this.arena = arena;
        this.metadata = parts.getFirst().header().metadata();
        long sum = 0;
        for (GgufPart part : parts) {
            addTensors(part);
            sum += part.contents().byteSize();
        }
        this.bytes = sum;
        this.paths = parts.stream().map(GgufPart::path).flatMap(Optional::stream).toList();
        this.headerChecksum = headerChecksum(parts);
    }

    private void addTensors(GgufPart part) {
        for (TensorEntry entry : part.header().tensors()) {
            if (tensors.putIfAbsent(entry.name(), part.tensor(entry, arena)) != null) {
                throw new ModelFileException(part.file(), "tensor %s is in an earlier part too; download all parts again".formatted(
                        Labels.printable(entry.name())));
            }
        }
    }

    private static long headerChecksum(List<GgufPart> parts) {
        CRC32C checksum = new CRC32C();
        parts.forEach(part -> checksum.update(part.headerBytes()));
        return checksum.getValue();
    }

    /** Maps a file; of a model split over several files, all parts, whichever is named. */
    public static GgufFile open(Path path) {
        return owning(arena -> {
            GgufPart part = GgufPart.map(path, arena);
            return SplitParts.isSplit(part) ? SplitParts.all(path, part, arena) : List.of(part);
        });
    }

    /**
     * Reads a file from a stream into native memory. The stream stays open.
     *
     * @param name for messages
     * @param size of the file in bytes
     */
    public static GgufFile read(String name, InputStream bytes, long size) {
        return owning(arena -> {
            GgufPart part = GgufPart.load(name, bytes, size, arena);
            if (SplitParts.isSplit(part)) {
                throw new ModelFileException(name, "is one part of a split model; open it from a folder with all parts");
            }
            return List.of(part);
        });
    }

    private interface Opening {
        List<GgufPart> in(Arena arena);
    }

    private static GgufFile owning(Opening opening) {
        Arena arena = Arena.ofShared();
        try {
            return new GgufFile(arena, opening.in(arena));
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    /** The file's name, as in messages; of a split model, its first part's. */
    public String name() {
        return metadata.file();
    }

    public Metadata metadata() {
        return metadata;
    }

    /** All tensors in file order. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** Size of the file, or of all its parts together. */
    public long bytes() {
        return bytes;
    }

    /** The file, or all parts in order; none for a model that was read from a stream. */
    public List<Path> paths() {
        return paths;
    }

    /** CRC-32C of all that lies before the numbers, over all parts: with it, size and time of a file tell whether it changed. */
    public long headerChecksum() {
        return headerChecksum;
    }

    /** Ends the memory of all tensors. */
    @Override
    public void close() {
        arena.close();
    }
}
