package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the tensor table of a GGUF header. */
final class TensorTableReader {

    /** Name length, dimension count, no dimension, format and offset. */
    static final int SMALLEST_ENTRY_BYTES = 24;

    static final int MOST_DIMENSIONS = 4;

    private final HeaderReader header;
    private final long alignment;

    TensorTableReader(HeaderReader header, long alignment) {
        this.header = header;
        this.alignment = alignment;
    }

    List<TensorEntry> read(int count) {
        List<TensorEntry> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            TensorEntry tensor = entry(header.name("tensor"));
            if (!names.add(tensor.name())) {
                throw damaged(tensor.name(), "appears twice");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private TensorEntry entry(String name) {
        Shape shape = shape(name);
        NumberFormat format = format(name);
        if (shape.columns() % format.blockElements() != 0) {
            throw damaged(name, "has rows of %d, expected whole %s blocks of %d".formatted(
                    shape.columns(), format, format.blockElements()));
        }
        long offset = header.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw damaged(name, "starts at %s, expected a multiple of %d".formatted(Long.toUnsignedString(offset), alignment));
        }
        return new TensorEntry(name, format, shape, offset, bytes(name, format, shape));
    }

    /** A file names the innermost size first. */
    private Shape shape(String name) {
        int dimensions = header.int32();
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw damaged(name, "has %s dimensions, expected at most %d".formatted(
                    Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
        }
        long[] sizes = new long[dimensions];
        for (int axis = dimensions - 1; axis >= 0; axis--) {
            sizes[axis] = header.int64();
            if (sizes[axis] < 1) {
                throw damaged(name, "has a dimension of %s, expected 1 to 2^63 - 1".formatted(Long.toUnsignedString(sizes[axis])));
            }
        }
        return new Shape(sizes);
    }

    private NumberFormat format(String name) {
        int id = header.int32();
        Optional<NumberFormat> format = NumberFormat.ofGgmlId(id);
        if (format.isEmpty()) {
            throw new ModelFileException(header.file(), "tensor %s has the unknown number format %s; use another quantization"
                    .formatted(Labels.printable(name), Integer.toUnsignedString(id)));
        }
        return format.get();
    }

    private long bytes(String name, NumberFormat format, Shape shape) {
        try {
            return format.bytes(shape.elements());
        } catch (ArithmeticException e) {
            throw damaged(name, "is " + shape + ", more elements than any file can hold");
        }
    }

    /** Refuses tensors that overlap or reach out of the data section. */
    void requireInside(List<TensorEntry> tensors, long dataBytes) {
        List<TensorEntry> inFileOrder = new ArrayList<>(tensors);
        inFileOrder.sort((one, other) -> Long.compare(one.offsetBytes(), other.offsetBytes()));
        TensorEntry previous = null;
        for (TensorEntry tensor : inFileOrder) {
            if (tensor.bytes() > dataBytes || tensor.offsetBytes() > dataBytes - tensor.bytes()) {
                throw damaged(tensor.name(), "has %d bytes from %d on, but there are only %d bytes of data".formatted(
                        tensor.bytes(), tensor.offsetBytes(), Math.max(0, dataBytes)));
            }
            if (previous != null && previous.endBytes() > tensor.offsetBytes()) {
                throw damaged(tensor.name(), "overlaps tensor " + Labels.printable(previous.name()));
            }
            previous = tensor;
        }
    }

    private ModelFileException damaged(String name, String problem) {
        return header.damaged("tensor " + Labels.printable(name) + " " + problem);
    }
}
