package dev.ondine.models;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Allocates the cache blocks of one model and counts who holds them. Memory is taken when first needed, reused, and given back by
 * {@link #trim} or at the end. Owns the blocks; one thread uses it at a time.
 */
public final class KvBlockPool implements AutoCloseable {

    /** Two huge pages of x86-64, so that one of them is aligned; enough that taking one from the system costs nothing beside filling it. */
    private static final long MOST_SLAB_BYTES = 4L << 20;
    /** A small pool must not lie in slabs that are half empty. */
    private static final int LEAST_SLABS = 16;

    private final KvLayout layout;
    private final String seal;
    private final List<KvSlabs> groups = new ArrayList<>();
    private long capacityBytes;
    private long usedBytes;

    /** @param capacityBytes bound on all blocks together */
    public KvBlockPool(KvLayout layout, long capacityBytes) {
        this(layout, capacityBytes, "", Arena::allocate);
    }

    /**
     * @param seal   what else must be equal for one pool to read what another wrote: the model, and how its kernels arrange numbers
     * @param memory where the blocks lie
     */
    KvBlockPool(KvLayout layout, long capacityBytes, String seal, SlabMemory memory) {
        this.layout = layout;
        this.capacityBytes = requireCapacity(capacityBytes);
        this.seal = seal;
        long slabBytes = Math.min(MOST_SLAB_BYTES, capacityBytes / LEAST_SLABS);
        for (KvLayout.Group group : layout.groups()) {
            groups.add(new KvSlabs(memory, groups.size(), group.blockBytes(), slabBytes));
        }
    }

    private static long requireCapacity(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the KV cache gets %d bytes, expected 0 or more".formatted(bytes));
        }
        return bytes;
    }

    KvLayout layout() {
        return layout;
    }

    String seal() {
        return seal;
    }

    /** Bound on the bytes of blocks that sequences hold. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /**
     * Sets the bound. It may fall below what is used; then no sequence grows until others have given back enough.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void setCapacityBytes(long bytes) {
        capacityBytes = requireCapacity(bytes);
    }

    /** Bytes of blocks that some sequence holds; a shared block counts once. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Memory taken from the system: the blocks in use, and free ones. Exceeds the capacity by less than two slabs for each group. */
    public long allocatedBytes() {
        return groups.stream().mapToLong(KvSlabs::allocatedBytes).sum();
    }

    /** Most bytes that one sequence of this length holds between steps, if it shares nothing. */
    public long bytesFor(int positions) {
        return layout.bytesFor(positions, 0);
    }

    /** Gives the memory of free blocks back to the system, all but less than one slab for each group. Copies few blocks, if any. */
    public void trim() {
        groups.forEach(KvSlabs::trim);
    }

    /** An empty sequence. */
    public SequenceState newSequence() {
        return new SequenceState(this);
    }

    /**
     * The sequence that {@link SequenceState#write} wrote, byte for byte; the caller closes it. Reads no further than its end.
     *
     * @throws IOException       if the channel fails, ends too early, or holds anything else, also another model's sequence; then
     *                           nothing is held
     * @throws CapacityException if there is no room for it; then nothing is held
     */
    public SequenceState read(ReadableByteChannel channel) throws IOException {
        return SequenceFile.read(this, channel);
    }

    /**
     * @throws CapacityException if the pool is full
     */
    KvBlock take(int group) {
        KvSlabs slabs = groups.get(group);
        requireRoom(slabs.blockBytes());
        if (!slabs.hasFree()) {
            grow(slabs);
        }
        KvBlock block = slabs.take();
        block.references = 1;
        usedBytes += slabs.blockBytes();
        return block;
    }

    /** @throws CapacityException if the pool has no room for so many bytes of blocks */
    void requireRoom(long bytes) {
        if (usedBytes + bytes > capacityBytes) {
            throw new CapacityException("the KV cache is full: %d of %d bytes are in use; end a sequence or allow a longer context"
                    .formatted(usedBytes, capacityBytes));
        }
    }

    private void grow(KvSlabs slabs) {
        if (allocatedBytes() + slabs.slabBytes() > capacityBytes) {
            trim();
        }
        try {
            slabs.grow();
        } catch (OutOfMemoryError e) {
            throw new CapacityException("the system has no memory for %d more bytes of KV cache, %d are in use; end a sequence (%s)"
                    .formatted(slabs.slabBytes(), usedBytes, e.getMessage()));
        }
    }

    KvBlock share(KvBlock block) {
        block.references++;
        return block;
    }

    void release(KvBlock block) {
        if (--block.references == 0) {
            KvSlabs slabs = groups.get(block.group);
            usedBytes -= slabs.blockBytes();
            slabs.give(block);
        }
    }

    /** The block itself if nobody else holds it, else a copy in its place. */
    KvBlock exclusive(KvBlock block) {
        if (block.references == 1) {
            return block;
        }
        KvBlock copy = take(block.group);
        MemorySegment.copy(block.data, 0, copy.data, 0, block.data.byteSize());
        release(block);
        return copy;
    }

    @Override
    public void close() {
        groups.forEach(KvSlabs::close);
    }
}
