package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * A tensor to be written. Its data is asked for once, when its turn comes, and done with before the next tensor's is; so a file may
 * be larger than memory, and one buffer may serve all tensors.
 *
 * @param shape outermost size first, at most four
 * @param data  gives {@code format.bytes(shape.elements())} bytes, little-endian
 */
public record TensorSource(String name, NumberFormat format, Shape shape, Supplier<MemorySegment> data) {

    public TensorSource {
        if (shape.sizes().length > TensorTableReader.MOST_DIMENSIONS || shape.columns() % format.blockElements() != 0) {
            throw new IllegalArgumentException("tensor %s %s: expected at most %d sizes and rows of whole %s blocks of %d"
                    .formatted(name, shape, TensorTableReader.MOST_DIMENSIONS, format, format.blockElements()));
        }
    }

    /** A tensor that is in memory already. */
    public static TensorSource of(Tensor tensor) {
        return new TensorSource(tensor.name(), tensor.format(), tensor.shape(), tensor::data);
    }

    long bytes() {
        return format.bytes(shape.elements());
    }
}
