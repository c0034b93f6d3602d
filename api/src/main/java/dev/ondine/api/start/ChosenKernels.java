package dev.ondine.api.start;

import dev.ondine.files.GgufFile;
import dev.ondine.kernels.VectorKernels;
import dev.ondine.kernels.VectorModule;
import dev.ondine.kernels.machine.CodeMemoryException;
import dev.ondine.kernels.machine.Host;
import dev.ondine.kernels.machine.Isa;
import dev.ondine.kernels.machine.MachineKernels;
import dev.ondine.kernels.machine.Pages;
import dev.ondine.kernels.machine.Processor;
import dev.ondine.kernels.panel.ModelKey;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.kernels.panel.WeightCache;
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
public final class ChosenKernels implements AutoCloseable {

    public static final String REMEDY = "start Ondine with its launcher, or Java with --add-modules jdk.incubator.vector";

    /** The operating system and the processor's kind. */
    public static final Host HOST = new Host(System.getProperty("os.name"), System.getProperty("os.arch"));

    private static final Pages PAGES = new Pages(HOST, FreeMemory::bytes);

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final Function<PackingListener, PackedWeights> weights;
    private final PackingListener listener;
    private final KernelChoice choice;
    private final WorkerTeam team;
    private final Kernels kernels;
    private String reason;
    private Optional<PackedWeights> packed = Optional.empty();

    /** @param weights where machine code takes packed weights from */
    private ChosenKernels(KernelChoice choice, Function<PackingListener, PackedWeights> weights, WorkerTeam team, PackingListener listener) {
        this.weights = weights;
        this.listener = listener;
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
     * @param file  borrowed, as is the team
     * @param cache of packed weights; empty for none
     * @throws IllegalArgumentException if what the user asks for does not run here
     */
    public static ChosenKernels of(KernelChoice choice, GgufFile file, WorkerTeam team, Optional<WeightCache> cache,
                                   PackingListener listener) {
        return new ChosenKernels(choice, packing -> PackedWeights.open(LoadedModel.matrices(file),
                ModelKey.of(file.paths(), file.headerChecksum()), cache, packing, PAGES), team, listener);
    }

    /** Kernels for a model that is used once: its packed weights are not kept. */
    public static ChosenKernels ofPassing(KernelChoice choice, GgufFile file, WorkerTeam team, PackingListener listener) {
        return new ChosenKernels(choice, packing -> PackedWeights.inMemory(LoadedModel.matrices(file), packing, PAGES), team, listener);
    }

    /** The same kernels with no model: they can be asked what they are. */
    public static ChosenKernels withoutModel(KernelChoice choice, WorkerTeam team, PackingListener listener) {
        return new ChosenKernels(choice, packing -> PackedWeights.inMemory(List.of(), packing, PAGES), team, listener);
    }

    public Kernels kernels() {
        return kernels;
    }

    /** Why these. */
    public String reason() {
        return reason;
    }

    /** The model has all its weights: another start may find them packed. */
    public void loaded() {
        packed.ifPresent(PackedWeights::finish);
    }

    /** Waits until weights are where they are read fastest. */
    public void settle() {
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
            listener.notice("no machine code: " + e.getMessage());
            reason = e.getMessage();
        }
        if (VectorModule.load()) {
            return new VectorKernels(team);
        }
        listener.notice("slow scalar kernels, because the Vector API is not loaded; " + REMEDY);
        return new ScalarKernels(team);
    }

    private Kernels vector() {
        if (!VectorModule.load()) {
            throw new IllegalArgumentException("--kernels vector: the Vector API is not loaded; " + REMEDY);
        }
        return new VectorKernels(team);
    }

    private Kernels machine() {
        Isa isa = isa(Processor.of(HOST));
        PackedWeights opened = weights.apply(listener);
        owned.push(opened::close);
        MachineKernels machine = new MachineKernels(isa, HOST, team, opened);
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
