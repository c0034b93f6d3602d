package dev.ondine.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, outermost first: a weight matrix is [row, column], its columns contiguous in memory. Without sizes it is
 * the shape of a single number.
 */
public record Shape(long... sizes) {

    public Shape {
        sizes = sizes.clone();
        for (long size : sizes) {
            if (size <= 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + " has a size below 1");
            }
        }
    }

    public static Shape of(long... sizes) {
        return new Shape(sizes);
    }

    @Override
    public long[] sizes() {
        return sizes.clone();
    }

    /** The innermost size: elements that lie next to each other. */
    public long columns() {
        return sizes.length == 0 ? 1 : sizes[sizes.length - 1];
    }

    /**
     * How many rows of {@link #columns()} elements there are, over all outer sizes.
     *
     * @throws ArithmeticException if the product overflows
     */
    public long rows() {
        long rows = 1;
        for (int axis = 0; axis < sizes.length - 1; axis++) {
            rows = Math.multiplyExact(rows, sizes[axis]);
        }
        return rows;
    }

    /** @throws ArithmeticException if the product overflows */
    public long elements() {
        return Math.multiplyExact(rows(), columns());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
