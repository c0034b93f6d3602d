package dev.ondine.kernels.x86;

/** What most vector instructions take as their last source. */
public sealed interface VecOrMem permits Vec, Mem {
}
