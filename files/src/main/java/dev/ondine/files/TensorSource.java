package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * A tensor to be written. Its contents are asked for once, when its turn comes, and done with before the next tensor's are; so a file
 * may be larger than memory, and one buffer may serve all tensors.
 *
 * @param shape outermost size first, at most four
 */
public record TensorSource(String name, NumberFormat format, Shape shape, Contents contents) {

    /** Gives the data of a tensor piece by piece, in order. */
    public interface Contents {
        void writeTo(Target target) throws IOException;
    }

    /** Takes pieces of whole blocks, little-endian; together {@code format.bytes(shape.elements())} bytes. */
    public interface Target {
        void accept(MemorySegment piece) throws IOException;
    }

    public TensorSource {
        if (shape.sizes().length > TensorTableReader.MOST_DIMENSIONS || shape.columns() % format.blockElements() != 0) {
            throw new IllegalArgumentException("tensor %s %s: expected at most %d sizes and rows of whole %s blocks of %d"
                    .formatted(name, shape, TensorTableReader.MOST_DIMENSIONS, format, format.blockElements()));
        }
    }

    /** A tensor whose data is made in one piece. */
    public TensorSource(String name, NumberFormat format, Shape shape, Supplier<MemorySegment> data) {
        this(name, format, shape, target -> target.accept(data.get()));
    }

    /** A tensor that is in memory already. */
    public static TensorSource of(Tensor tensor) {
        return new TensorSource(tensor.name(), tensor.format(), tensor.shape(), tensor::data);
    }

    /** Size of the data. */
    public long bytes() {
        return format.bytes(shape.elements());
    }
}
