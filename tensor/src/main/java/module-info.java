/** Number formats, tensors in native memory, the {@code Kernels} interface with its scalar reference, and the worker team. */
module dev.ondine.tensor {
    exports dev.ondine.tensor;
}
