package dev.ondine.files;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Everything in a GGUF file before its data section, checked against itself and against the size of the file.
 *
 * @param order           the byte order of all numbers, those of the tensors included
 * @param dataOffsetBytes where the data section starts
 */
record GgufHeader(int version, ByteOrder order, Metadata metadata, List<TensorEntry> tensors, long dataOffsetBytes) {

    static final String MAGIC = "GGUF";
    static final String ALIGNMENT_KEY = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;

    private static final int MAGIC_AS_INT = 0x46554747;

    static GgufHeader read(String file, MemorySegment contents) {
        HeaderReader header = new HeaderReader(file, contents);
        int version = magicAndVersion(file, header);
        int tensorCount = header.count(TensorTableReader.SMALLEST_ENTRY_BYTES, "tensors");
        int pairCount = header.count(MetadataReader.SMALLEST_PAIR_BYTES, "metadata keys");
        Metadata metadata = new MetadataReader(header).read(pairCount);
        long alignment = alignment(metadata);
        TensorTableReader table = new TensorTableReader(header, alignment);
        List<TensorEntry> tensors = table.read(tensorCount);
        long dataOffset = aligned(header.position(), alignment);
        table.requireInside(tensors, contents.byteSize() - dataOffset);
        return new GgufHeader(version, header.order(), metadata, tensors, dataOffset);
    }

    private static int magicAndVersion(String file, HeaderReader header) {
        if (header.remaining() < Integer.BYTES || header.int32() != MAGIC_AS_INT) {
            throw new ModelFileException(file, "is not a GGUF file: it does not begin with " + MAGIC + "; check the path");
        }
        int version = header.int32();
        if ((version & 0xFFFF) == 0) {
            header.order(ByteOrder.BIG_ENDIAN);
            version = Integer.reverseBytes(version);
        }
        if (version != 2 && version != 3) {
            throw new ModelFileException(file, "has GGUF version %s, expected 2 or 3; convert the model again".formatted(
                    Integer.toUnsignedString(version)));
        }
        return version;
    }

    /** The alignment of tensor data in bytes. */
    static long alignment(Metadata metadata) {
        long alignment = metadata.longInteger(ALIGNMENT_KEY, DEFAULT_ALIGNMENT);
        if (alignment < 1 || Long.bitCount(alignment) != 1) {
            throw new ModelFileException(metadata.file(), "metadata key %s is %d, expected a power of two; convert the model again"
                    .formatted(ALIGNMENT_KEY, alignment));
        }
        return alignment;
    }

    /** The next multiple of a power of two; beyond every file rather than negative. */
    static long aligned(long offset, long alignment) {
        long next = offset + alignment - 1 & -alignment;
        return next < 0 ? Long.MAX_VALUE : next;
    }
}
