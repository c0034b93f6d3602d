package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes GGUF files. Tensors are aligned to the metadata's {@code general.alignment}, or to 32 bytes where it names none.
 *
 * <p>A file appears under its name when it is complete; until then its bytes go to a neighbour whose name ends in
 * {@code .partial}. A failure of the file system raises {@link ModelFileException}, contradictory arguments raise
 * {@link IllegalArgumentException}.
 *
 * @param version 2 or 3; both have the same layout
 * @param order   the byte order of all numbers
 */
public record GgufWriter(int version, ByteOrder order) {

    /** Version 3, little-endian: what every reader takes. */
    public static final GgufWriter STANDARD = new GgufWriter(3, ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK_BYTES = 1 << 20;

    public GgufWriter {
        if (version != 2 && version != 3) {
            throw new IllegalArgumentException("GGUF version " + version + ", expected 2 or 3");
        }
    }

    /** Where the bytes of a file go until it is complete. */
    public static Path partial(Path path) {
        return path.resolveSibling(path.getFileName() + ".partial");
    }

    /** Writes one file, replacing any of that name. */
    public void write(Path path, Metadata metadata, List<TensorSource> tensors) {
        long alignment = GgufHeader.alignment(metadata);
        byte[] header = header(metadata, tensors, alignment);
        Path partial = partial(path);
        try {
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(header));
                for (TensorSource tensor : tensors) {
                    writeTensor(channel, tensor);
                    pad(channel, alignment);
                }
                channel.force(true);
            }
            Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ModelFileException(path.getFileName().toString(), "cannot be written (" + e + "); check the folder", e);
        } finally {
            deletePartial(partial);
        }
    }

    /**
     * Writes the parts of a split model, named {@code PREFIX-00001-of-00003.gguf}. The first holds all metadata.
     *
     * @return the parts in order
     */
    public List<Path> writeSplit(Path folder, String prefix, int tensorsPerPart, Metadata metadata, List<TensorSource> tensors) {
        int parts = Math.max(1, Math.ceilDiv(tensors.size(), tensorsPerPart));
        SplitName name = new SplitName(prefix, parts);
        List<Path> paths = new ArrayList<>();
        for (int index = 0; index < parts; index++) {
            Path path = folder.resolve(name.part(index));
            int from = index * tensorsPerPart;
            write(path, SplitParts.metadata(metadata, index, parts, tensors.size()),
                    tensors.subList(from, Math.min(tensors.size(), from + tensorsPerPart)));
            paths.add(path);
        }
        return paths;
    }

    private byte[] header(Metadata metadata, List<TensorSource> tensors, long alignment) {
        HeaderBytes header = new HeaderBytes(order);
        header.raw(GgufHeader.MAGIC);
        header.int32(version);
        header.int64(tensors.size());
        header.int64(metadata.keys().size());
        for (String key : metadata.keys()) {
            header.text(key);
            header.typed(metadata.typedValue(key));
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (TensorSource tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            entry(header, tensor, offset);
            offset = GgufHeader.aligned(Math.addExact(offset, tensor.bytes()), alignment);
        }
        header.pad(alignment);
        return header.toByteArray();
    }

    private static void entry(HeaderBytes header, TensorSource tensor, long offset) {
        header.text(tensor.name());
        long[] sizes = tensor.shape().sizes();
        header.int32(sizes.length);
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            header.int64(sizes[axis]);
        }
        header.int32(tensor.format().ggmlId());
        header.int64(offset);
    }

    private void writeTensor(FileChannel channel, TensorSource tensor) throws IOException {
        long end = channel.position() + tensor.bytes();
        try (Arena arena = Arena.ofConfined()) {
            int blockBytes = tensor.format().blockBytes();
            MemorySegment buffer = arena.allocate(Math.min(tensor.bytes(), (long) CHUNK_BYTES / blockBytes * blockBytes));
            tensor.contents().writeTo(piece -> {
                requireFit(tensor, piece, end - channel.position());
                writePiece(channel, tensor.format(), piece, buffer);
            });
        }
        if (channel.position() != end) {
            throw new IllegalArgumentException("tensor %s %s %s needs %d bytes, found %d".formatted(
                    tensor.name(), tensor.format(), tensor.shape(), tensor.bytes(), tensor.bytes() - end + channel.position()));
        }
    }

    private static void requireFit(TensorSource tensor, MemorySegment piece, long missingBytes) {
        if (piece.byteSize() > missingBytes || piece.byteSize() % tensor.format().blockBytes() != 0) {
            throw new IllegalArgumentException("tensor %s %s %s needs %d bytes more in whole blocks of %d, found %d".formatted(
                    tensor.name(), tensor.format(), tensor.shape(), missingBytes, tensor.format().blockBytes(), piece.byteSize()));
        }
    }

    private void writePiece(FileChannel channel, NumberFormat format, MemorySegment piece, MemorySegment buffer) throws IOException {
        for (long from = 0; from < piece.byteSize(); from += buffer.byteSize()) {
            long bytes = Math.min(buffer.byteSize(), piece.byteSize() - from);
            MemorySegment chunk = buffer.asSlice(0, bytes).copyFrom(piece.asSlice(from, bytes));
            if (order == ByteOrder.BIG_ENDIAN) {
                format.swapBytes(chunk);
            }
            writeFully(channel, chunk.asByteBuffer());
        }
    }

    private static void deletePartial(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw new ModelFileException(partial.getFileName().toString(), "cannot be deleted (" + e + "); delete it yourself", e);
        }
    }

    private static void pad(FileChannel channel, long alignment) throws IOException {
        long position = channel.position();
        writeFully(channel, ByteBuffer.allocate(Math.toIntExact(GgufHeader.aligned(position, alignment) - position)));
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
