package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;

/**
 * What the header of a GGUF file says of one tensor.
 *
 * @param offsetBytes from the start of the data section
 * @param bytes       of its data, without padding
 */
record TensorEntry(String name, NumberFormat format, Shape shape, long offsetBytes, long bytes) {

    long endBytes() {
        return offsetBytes + bytes;
    }
}
