package dev.ondine.cli;

import dev.ondine.kernels.VectorKernels;
import dev.ondine.kernels.VectorModule;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.util.Locale;

/** Which kernels the user asks for. */
enum KernelChoice {
    AUTO, VECTOR, SCALAR;

    static final String REMEDY = "start Ondine with its launcher, or Java with --add-modules jdk.incubator.vector";

    /** For help and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param team    does the work; borrowed
     * @param brief   whether so little work follows that the time to compile vector code would not come back; then {@code AUTO}
     *                takes scalar kernels
     * @param console is told when slow kernels are taken for want of better ones
     */
    Kernels create(WorkerTeam team, boolean brief, Console console) {
        return switch (this) {
            case SCALAR -> new ScalarKernels(team);
            case VECTOR -> {
                if (!VectorModule.load()) {
                    throw new IllegalArgumentException("--kernels vector: the Vector API is not loaded; " + REMEDY);
                }
                yield new VectorKernels(team);
            }
            case AUTO -> {
                if (brief) {
                    yield new ScalarKernels(team);
                }
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
            case AUTO -> VectorModule.load()
                    ? "the fastest kind here; run and logits take scalar ones, which start sooner, for models up to 16 MiB"
                    : "the Vector API is not loaded";
        };
    }
}
