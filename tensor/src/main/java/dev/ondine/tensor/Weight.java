package dev.ondine.tensor;

/**
 * A named matrix [row, column] that {@link Kernels#matmul(Weight, Matrix, Matrix)} multiplies by: a {@link Tensor} as it lies in
 * its file, or the form that {@link Kernels#weight} made of one. Only the kernels that made a form can read it.
 */
public interface Weight {

    String name();

    /** The format of the numbers; their order in memory may differ from a tensor's. */
    NumberFormat format();

    Shape shape();

    default int rows() {
        return Math.toIntExact(shape().rows());
    }

    default int columns() {
        return Math.toIntExact(shape().columns());
    }
}
