package dev.ondine.cli;

import dev.ondine.kernels.VectorKernels;
import dev.ondine.kernels.VectorModule;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;

/** Which kernels the user asks for. */
enum KernelChoice {
    AUTO, VECTOR, SCALAR;

    static final String REMEDY = "start Ondine with its launcher, or Java with --add-modules jdk.incubator.vector";

    /** For help and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * @param team    does the work; borrowed
     * @param console is told when the slow kernels are taken without having been asked for
     */
    Kernels create(WorkerTeam team, Console console) {
        return switch (this) {
            case SCALAR -> new ScalarKernels(team);
            case VECTOR -> {
                if (!VectorModule.load()) {
                    throw new IllegalArgumentException("--kernels vector: the Vector API is not loaded; " + REMEDY);
                }
                yield new VectorKernels(team);
            }
            case AUTO -> {
                if (VectorModule.load()) {
                    yield new VectorKernels(team);
                }
                console.notice("slow scalar kernels, because the Vector API is not loaded; " + REMEDY);
                yield new ScalarKernels(team);
            }
        };
    }

    /** Why {@link #create} takes what it takes. */
    String reason() {
        return switch (this) {
            case SCALAR, VECTOR -> "asked for with --kernels " + this;
            case AUTO -> VectorModule.load() ? "the fastest kind here" : "the Vector API is not loaded";
        };
    }
}
