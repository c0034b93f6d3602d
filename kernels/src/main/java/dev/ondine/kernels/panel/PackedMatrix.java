package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Weight;
import java.lang.foreign.MemorySegment;

/** A weight matrix in the panels that the machine kernels read. Borrows its memory, which may change while it is used. */
public final class PackedMatrix implements Weight {

    static final long ALIGNMENT_BYTES = 64;

    private final String name;
    private final Shape shape;
    private final PanelLayout layout;
    private volatile MemorySegment data;

    /** @param data exactly {@code layout.bytes(shape)} native bytes, 64-byte aligned */
    public PackedMatrix(String name, Shape shape, MemorySegment data, PanelLayout layout) {
        this.name = name;
        this.shape = shape;
        this.layout = layout;
        move(data);
    }

    /** Takes other memory with the same contents. Both must stay open: a product that has begun goes on with the old one. */
    void move(MemorySegment same) {
        if (!same.isNative() || same.byteSize() != layout.bytes(shape) || same.address() % ALIGNMENT_BYTES != 0) {
            throw new IllegalArgumentException("packed %s %s %s needs %d native bytes, 64-byte aligned; found %d at %#x".formatted(
                    name, layout.format(), shape, layout.bytes(shape), same.byteSize(), same.address()));
        }
        data = same;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public NumberFormat format() {
        return layout.format();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    public PanelLayout layout() {
        return layout;
    }

    public MemorySegment data() {
        return data;
    }
}
