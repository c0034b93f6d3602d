package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * How numbers are stored in memory: ggml's names, ids and block sizes in one table.
 *
 * <p>A row of a tensor is a whole number of blocks. A format without a codec can be measured and listed, not computed with.
 * Adding one: give its line a {@link BlockCodec}; every reader, kernel and tool reads this table.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
public enum NumberFormat {
    F32(0, 1, 4, new PlainCodecs.F32()),
    F16(1, 1, 2, new PlainCodecs.F16()),
    Q4_0(2, 32, 18, new LegacyQuantCodecs.Q4_0()),
    Q4_1(3, 32, 20, new LegacyQuantCodecs.Q4_1()),
    Q5_0(6, 32, 22, new LegacyQuantCodecs.Q5_0()),
    Q5_1(7, 32, 24, new LegacyQuantCodecs.Q5_1()),
    Q8_0(8, 32, 34, new LegacyQuantCodecs.Q8_0()),
    Q8_1(9, 32, 36, null),
    Q2_K(10, 256, 84, null),
    Q3_K(11, 256, 110, null),
    Q4_K(12, 256, 144, new KQuantCodecs.Q4_K()),
    Q5_K(13, 256, 176, new KQuantCodecs.Q5_K()),
    Q6_K(14, 256, 210, new KQuantCodecs.Q6_K()),
    Q8_K(15, 256, 292, null),
    IQ2_XXS(16, 256, 66, null),
    IQ2_XS(17, 256, 74, null),
    IQ3_XXS(18, 256, 98, null),
    IQ1_S(19, 256, 50, null),
    IQ4_NL(20, 32, 18, new TableCodecs.IQ4_NL()),
    IQ3_S(21, 256, 110, null),
    IQ2_S(22, 256, 82, null),
    IQ4_XS(23, 256, 136, null),
    I8(24, 1, 1, null),
    I16(25, 1, 2, null),
    I32(26, 1, 4, null),
    I64(27, 1, 8, null),
    F64(28, 1, 8, null),
    IQ1_M(29, 256, 56, null),
    BF16(30, 1, 2, new PlainCodecs.BF16()),
    TQ1_0(34, 256, 54, null),
    TQ2_0(35, 256, 66, null),
    MXFP4(39, 32, 17, new TableCodecs.MXFP4());

    private final int ggmlId;
    private final int blockElements;
    private final int blockBytes;
    private final BlockCodec codec;

    NumberFormat(int ggmlId, int blockElements, int blockBytes, BlockCodec codec) {
        this.ggmlId = ggmlId;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.codec = codec;
    }

    /** The format with this id in a GGUF tensor header, or empty where no format has it. */
    public static Optional<NumberFormat> ofGgmlId(int id) {
        for (NumberFormat format : values()) {
            if (format.ggmlId == id) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    public int ggmlId() {
        return ggmlId;
    }

    /** Elements in one block; 1 for plain numbers. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of a run of elements.
     *
     * @param elements a multiple of {@link #blockElements()}
     * @throws ArithmeticException if the bytes exceed a long
     */
    public long bytes(long elements) {
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }

    /** Whether {@link #decode} works, so that a model can be computed in this format. */
    public boolean isDecodable() {
        return codec != null;
    }

    /** Whether {@link #encode} works. */
    public boolean isEncodable() {
        return codec != null && codec.canEncode();
    }

    /**
     * Decodes a run of whole blocks to floats, exactly as ggml's reference does.
     *
     * @param source      little-endian blocks
     * @param offsetBytes where the first block starts
     * @param elements    a multiple of {@link #blockElements()}
     * @throws UnsupportedOperationException if the format is not {@linkplain #isDecodable decodable}
     */
    public void decode(MemorySegment source, long offsetBytes, float[] target, int targetOffset, int elements) {
        requireCodec().decode(source, offsetBytes, target, targetOffset, elements);
    }

    /**
     * Encodes a run of whole blocks, exactly as llama-quantize does without an importance matrix; up to rounding the inverse of
     * {@link #decode}. Numbers that are not finite have no meaning in formats of blocks.
     *
     * @throws UnsupportedOperationException if the format is not {@linkplain #isEncodable encodable}
     */
    public void encode(float[] source, int sourceOffset, MemorySegment target, long offsetBytes, int elements) {
        if (!isEncodable()) {
            throw new UnsupportedOperationException("number format " + this + " cannot be encoded");
        }
        codec.encode(source, sourceOffset, target, offsetBytes, elements);
    }

    /**
     * Turns blocks of a big-endian file into little-endian ones, or back, in place.
     *
     * @param blocks whole blocks, writable
     * @throws UnsupportedOperationException if the format is not {@linkplain #isDecodable decodable}
     */
    public void swapBytes(MemorySegment blocks) {
        for (BlockCodec.WideField field : requireCodec().wideFields()) {
            for (long at = field.offsetBytes(); at < blocks.byteSize(); at += blockBytes) {
                switch (field.bytes()) {
                    case Short.BYTES -> blocks.set(LittleEndian.SHORT, at, Short.reverseBytes(blocks.get(LittleEndian.SHORT, at)));
                    case Integer.BYTES -> blocks.set(LittleEndian.INT, at, Integer.reverseBytes(blocks.get(LittleEndian.INT, at)));
                    default -> throw new IllegalStateException(this + " has a field of " + field.bytes() + " bytes");
                }
            }
        }
    }

    private BlockCodec requireCodec() {
        if (codec == null) {
            throw new UnsupportedOperationException("number format " + this + " cannot be decoded");
        }
        return codec;
    }
}
