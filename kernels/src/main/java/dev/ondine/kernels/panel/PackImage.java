package dev.ondine.kernels.panel;

import dev.ondine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Optional;

/**
 * The packed matrices of a model as they lie in memory, which is as they lie in their file: one piece of memory of its own, or the
 * mapped file where there is no room for that. Borrows its memory.
 */
final class PackImage {

    private final PackPlan plan;
    private final MemorySegment memory;
    private final boolean mapped;

    private PackImage(PackPlan plan, MemorySegment memory, boolean mapped) {
        this.plan = plan;
        this.memory = memory;
        this.mapped = mapped;
    }

    /** Memory in which nothing is packed yet. */
    static PackImage inMemory(PackPlan plan, WeightMemory memory, Arena arena) {
        return new PackImage(plan, memory.allocate(arena, plan.bytes()), false);
    }

    /**
     * Memory for the contents of a file, or the file mapped if there is no room for that.
     *
     * @param channel of a file of the plan's length
     * @throws IOException if the file cannot be mapped
     */
    static PackImage of(PackPlan plan, FileChannel channel, WeightMemory memory, Arena arena) throws IOException {
        return memory.hasRoom(plan.bytes()) ? inMemory(plan, memory, arena) : mapped(plan, channel, arena);
    }

    /**
     * A file, mapped.
     *
     * @throws IOException if it cannot be
     */
    static PackImage mapped(PackPlan plan, FileChannel channel, Arena arena) throws IOException {
        return new PackImage(plan, channel.map(MapMode.READ_ONLY, 0, plan.bytes(), arena), true);
    }

    /** Whether this is the file, which only its writer changes. */
    boolean isMapped() {
        return mapped;
    }

    long bytes() {
        return plan.bytes();
    }

    /** The place of a matrix; empty if it has none. */
    Optional<PackTable.Entry> entry(Tensor tensor) {
        return Optional.ofNullable(plan.entries().get(tensor.name())).filter(entry -> entry.holds(tensor));
    }

    /** The memory of a matrix; empty if it has no place. */
    Optional<MemorySegment> data(Tensor tensor) {
        return entry(tensor).map(this::data);
    }

    MemorySegment data(PackTable.Entry entry) {
        return memory.asSlice(entry.offset(), entry.bytes());
    }

    /** Where memory of a matrix begins in the file. */
    long offset(MemorySegment data) {
        return data.address() - memory.address();
    }
}
