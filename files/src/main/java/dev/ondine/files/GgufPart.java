package dev.ondine.files;

import dev.ondine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file in memory and its header. Most models are one part.
 *
 * @param path empty if it was read from a stream
 */
record GgufPart(Optional<Path> path, GgufHeader header, MemorySegment contents) {

    private static final int STREAM_CHUNK_BYTES = 1 << 18;

    static GgufPart map(Path path, Arena arena) {
        String file = name(path);
        if (Files.isDirectory(path)) {
            throw new ModelFileException(file, "is a folder, expected a GGUF file; check the path");
        }
        try (FileChannel channel = FileChannel.open(path)) {
            MemorySegment contents = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufPart(Optional.of(path), GgufHeader.read(file, contents), contents);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "there is no file " + path + "; check the path", e);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read (" + e.getMessage() + "); check the path and its permissions", e);
        }
    }

    /** The last part of the path, or all of one that ends without a name. */
    private static String name(Path path) {
        Path last = path.getFileName();
        return last == null || last.toString().isEmpty() ? path.toAbsolutePath().toString() : last.toString();
    }

    static GgufPart load(String file, InputStream stream, long size, Arena arena) {
        MemorySegment contents = arena.allocate(size);
        long filled;
        try {
            filled = fill(contents, stream);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read (" + e.getMessage() + "); try again", e);
        }
        if (filled < size) {
            throw new ModelFileException(file, "ends after %d bytes, expected %d; download it again".formatted(filled, size));
        }
        return new GgufPart(Optional.empty(), GgufHeader.read(file, contents), contents);
    }

    private static long fill(MemorySegment contents, InputStream stream) throws IOException {
        byte[] chunk = new byte[(int) Math.min(STREAM_CHUNK_BYTES, contents.byteSize())];
        long filled = 0;
        while (filled < contents.byteSize()) {
            int count = stream.readNBytes(chunk, 0, (int) Math.min(chunk.length, contents.byteSize() - filled));
            if (count == 0) {
                break;
            }
            MemorySegment.copy(chunk, 0, contents, ValueLayout.JAVA_BYTE, filled, count);
            filled += count;
        }
        return filled;
    }

    String file() {
        return header.metadata().file();
    }

    /** All bytes before the numbers, as far as one buffer can hold them. */
    ByteBuffer headerBytes() {
        long bytes = Math.min(header.dataOffsetBytes(), contents.byteSize());
        return contents.asSlice(0, Math.min(bytes, HeaderReader.MOST_BYTES)).asByteBuffer();
    }

    /** The tensor over this part's memory, or over a little-endian copy of it in the arena. */
    Tensor tensor(TensorEntry entry, Arena arena) {
        MemorySegment data = contents.asSlice(header.dataOffsetBytes() + entry.offsetBytes(), entry.bytes());
        if (header.order() == ByteOrder.BIG_ENDIAN) {
            data = swapped(entry, data, arena);
        }
        return new Tensor(entry.name(), entry.format(), entry.shape(), data);
    }

    private MemorySegment swapped(TensorEntry entry, MemorySegment data, Arena arena) {
        if (!entry.format().isDecodable()) {
            throw new ModelFileException(file(), "tensor %s is big-endian %s, which cannot be read; convert it to little-endian"
                    .formatted(Labels.printable(entry.name()), entry.format()));
        }
        MemorySegment copy = arena.allocate(entry.bytes()).copyFrom(data);
        entry.format().swapBytes(copy);
        return copy;
    }
}
