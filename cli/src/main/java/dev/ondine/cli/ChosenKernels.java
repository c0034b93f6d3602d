package dev.ondine.cli;

import dev.ondine.files.GgufFile;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.kernels.VectorModule;
import dev.ondine.kernels.machine.CodeMemoryException;
import dev.ondine.kernels.machine.Isa;
import dev.ondine.kernels.machine.MachineKernels;
import dev.ondine.kernels.machine.Pages;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.kernels.panel.ModelKey;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.models.LoadedModel;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.ScalarKernels;
import dev.ondine.tensor.WorkerTeam;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The kernels that run one model: those the user asks for, or the fastest that run here. Owns them and what they stand on.
 *
 * <p>Machine code comes first, the Vector API second, scalar loops last. Whoever gets less than the best is told why.
 */
final class ChosenKernels implements AutoCloseable {

    static final String REMEDY = "start Ondine with its launcher, or Java with --add-modules jdk.incubator.vector";

    private static final Pages PAGES = new Pages(Machine.HOST, FreeMemory::bytes);

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final Function<PackingListener, PackedWeights> weights;
    private final Console console;
    private final PackingProgress progress;
    private final KernelChoice choice;
    private final WorkerTeam team;
    private final Kernels kernels;
    private String reason;
    private Optional<PackedWeights> packed = Optional.empty();

    /** @param weights where machine code takes packed weights from */
    private ChosenKernels(KernelChoice choice, Function<PackingListener, PackedWeights> weights, WorkerTeam team, Console console) {
        this.weights = weights;
        this.console = console;
        this.progress = new PackingProgress(console);
        this.choice = choice;
        this.team = team;
        this.reason = "asked for with --kernels " + choice;
        try {
            kernels = switch (choice) {
                case SCALAR -> new ScalarKernels(team);
                case VECTOR -> vector();
                case AUTO -> fastest();
                default -> machine();
            };
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Kernels for a model.
     *
     * @param file borrowed, as is the team
     * @throws IllegalArgumentException if what the user asks for does not run here
     */
    static ChosenKernels of(KernelChoice choice, GgufFile file, WorkerTeam team, Console console) {
        return new ChosenKernels(choice, listener -> PackedWeights.open(LoadedModel.matrices(file),
                ModelKey.of(file.paths(), file.headerChecksum()), CacheSettings.found(console), listener, PAGES), team, console);
    }

    /** Kernels for a model that is used once: its packed weights are not kept. */
    static ChosenKernels ofPassing(KernelChoice choice, GgufFile file, WorkerTeam team, Console console) {
        return new ChosenKernels(choice, listener -> PackedWeights.inMemory(LoadedModel.matrices(file), listener, PAGES), team, console);
    }

    /** The same kernels with no model: they can be asked what they are. */
    static ChosenKernels withoutModel(KernelChoice choice, WorkerTeam team, Console console) {
        return new ChosenKernels(choice, listener -> PackedWeights.inMemory(List.of(), listener, PAGES), team, console);
    }

    Kernels kernels() {
        return kernels;
    }

    /** Why these. */
    String reason() {
        return reason;
    }

    /** The model has all its weights: another start may find them packed. */
    void loaded() {
        packed.ifPresent(PackedWeights::finish);
        progress.close();
    }

    /** Waits until weights are where they are read fastest. */
    void settle() {
        try {
            if (packed.isPresent()) {
                packed.get().awaitMoved();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Kernels fastest() {
        try {
            Kernels machine = machine();
            reason = "the fastest kind here";
            return machine;
        } catch (CodeMemoryException e) {
            console.notice("no machine code: " + e.getMessage());
            reason = e.getMessage();
        }
        if (VectorModule.load()) {
            return new VectorKernels(team);
        }
        console.notice("slow scalar kernels, because the Vector API is not loaded; " + REMEDY);
        return new ScalarKernels(team);
    }

    private Kernels vector() {
        if (!VectorModule.load()) {
            throw new IllegalArgumentException("--kernels vector: the Vector API is not loaded; " + REMEDY);
        }
        return new VectorKernels(team);
    }

    private Kernels machine() {
        Isa isa = isa(Processor.of(Machine.HOST));
        PackedWeights opened = weights.apply(progress);
        owned.push(opened::close);
        MachineKernels machine = new MachineKernels(isa, Machine.HOST, team, opened);
        owned.push(machine::close);
        packed = Optional.of(opened);
        return machine;
    }

    private Isa isa(Processor processor) {
        if (processor.isas().isEmpty()) {
            throw new CodeMemoryException(processor.name() + " lacks AVX2");
        }
        Isa isa = choice.isa().orElse(processor.isas().getFirst());
        if (!processor.isas().contains(isa)) {
            throw new IllegalArgumentException("--kernels %s: %s has only %s".formatted(choice, processor.name(), processor.isas()));
        }
        return isa;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().run();
        }
    }
}
