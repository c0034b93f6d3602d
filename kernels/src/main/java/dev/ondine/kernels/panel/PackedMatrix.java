package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Weight;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix in the panels that the machine kernels read. Borrows its memory.
 *
 * @param data exactly {@code layout.bytes(shape)} native bytes, 64-byte aligned
 */
public record PackedMatrix(String name, NumberFormat format, Shape shape, MemorySegment data, PanelLayout layout) implements Weight {

    static final long ALIGNMENT_BYTES = 64;

    public PackedMatrix {
        if (layout.format() != format || !data.isNative() || data.byteSize() != layout.bytes(shape)
                || data.address() % ALIGNMENT_BYTES != 0) {
            throw new IllegalArgumentException("packed %s %s %s needs %d native bytes, 64-byte aligned; found %d at %#x for %s".formatted(
                    name, format, shape, layout.bytes(shape), data.byteSize(), data.address(), layout.format()));
        }
    }
}
