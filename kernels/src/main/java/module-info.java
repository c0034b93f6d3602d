/** Fast kernels; the only module that touches the Vector API. */
module dev.ondine.kernels {
    requires transitive dev.ondine.tensor;
    requires jdk.incubator.vector;
    exports dev.ondine.kernels;
    exports dev.ondine.kernels.machine;
    exports dev.ondine.kernels.panel;
}
