package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Named weights: numbers of one format in native memory, little-endian, rows contiguous. Borrows its memory.
 *
 * @param data exactly {@code format.bytes(shape.elements())} bytes
 */
public record Tensor(String name, NumberFormat format, Shape shape, MemorySegment data) implements Weight {

    public Tensor {
        long expectedBytes = format.bytes(shape.elements());
        if (data.byteSize() != expectedBytes || !data.isNative()) {
            throw new IllegalArgumentException("tensor %s %s %s needs %d native bytes, found %d".formatted(
                    name, format, shape, expectedBytes, data.byteSize()));
        }
        if (shape.columns() % format.blockElements() != 0) {
            throw new IllegalArgumentException("tensor %s %s: rows of %s are not whole blocks of %d".formatted(
                    name, shape, format, format.blockElements()));
        }
    }

    public long bytesPerRow() {
        return format.bytes(shape.columns());
    }

    /** Decodes one row; {@code target} takes {@link #columns()} floats. */
    public void decodeRow(int row, float[] target, int targetOffset) {
        format.decode(data, row * bytesPerRow(), target, targetOffset, columns());
    }
}
