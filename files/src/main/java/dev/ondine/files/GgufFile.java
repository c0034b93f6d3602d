package dev.ondine.files;

import dev.ondine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF model file in memory: metadata and tensors. Owns the memory of the tensors, which end with {@link #close}; metadata outlives it.
 *
 * <p>A file is mapped, not read: opening costs the header only. Every problem raises {@link ModelFileException}.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
public final class GgufFile implements AutoCloseable {

    private static final int STREAM_CHUNK_BYTES = 1 << 18;

    private final String name;
    private final Arena arena;
    private final Metadata metadata;
    private final Map<String, Tensor> tensors;
    private final long bytes;

    private GgufFile(String name, Arena arena, MemorySegment contents) {
        GgufHeader header = GgufHeader.read(name, contents);
        this.name = name;
        this.arena = arena;
        this.metadata = header.metadata();
        this.tensors = new LinkedHashMap<>();
        for (TensorEntry entry : header.tensors()) {
            MemorySegment data = contents.asSlice(header.dataOffsetBytes() + entry.offsetBytes(), entry.bytes());
            tensors.put(entry.name(), new Tensor(entry.name(), entry.format(), entry.shape(), data));
        }
        this.bytes = contents.byteSize();
    }

    /** Maps a file. */
    public static GgufFile open(Path path) {
        String name = path.getFileName().toString();
        return owning(arena -> new GgufFile(name, arena, map(name, path, arena)));
    }

    /**
     * Reads a file from a stream into native memory.
     *
     * @param name for messages
     * @param size bytes that the stream holds
     */
    public static GgufFile read(String name, InputStream bytes, long size) {
        return owning(arena -> new GgufFile(name, arena, load(name, bytes, size, arena)));
    }

    private interface Opening {
        GgufFile in(Arena arena);
    }

    private static GgufFile owning(Opening opening) {
        Arena arena = Arena.ofShared();
        try {
            return opening.in(arena);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    private static MemorySegment map(String name, Path path, Arena arena) {
        try (FileChannel channel = FileChannel.open(path)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(name, "there is no file " + path + "; check the path", e);
        } catch (IOException e) {
            throw new ModelFileException(name, "cannot be read (" + e.getMessage() + "); check the path and its permissions", e);
        }
    }

    private static MemorySegment load(String name, InputStream stream, long size, Arena arena) {
        MemorySegment contents = arena.allocate(size);
        byte[] chunk = new byte[(int) Math.min(STREAM_CHUNK_BYTES, Math.max(1, size))];
        long filled = 0;
        try {
            for (int count; filled < size && (count = stream.read(chunk)) >= 0; filled += count) {
                if (count > size - filled) {
                    break;
                }
                MemorySegment.copy(chunk, 0, contents, ValueLayout.JAVA_BYTE, filled, count);
            }
        } catch (IOException e) {
            throw new ModelFileException(name, "cannot be read (" + e.getMessage() + ")", e);
        }
        if (filled != size) {
            throw new ModelFileException(name, "holds %d bytes, expected %d; download it again".formatted(filled, size));
        }
        return contents;
    }

    /** The file's name, as in messages. */
    public String name() {
        return name;
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

    /** Size of the file, or of all its parts. */
    public long bytes() {
        return bytes;
    }

    /** Ends the memory of all tensors. */
    @Override
    public void close() {
        arena.close();
    }
}
