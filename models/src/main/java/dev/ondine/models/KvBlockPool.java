package dev.ondine.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Allocates the cache blocks of one model and counts who holds them. Memory is taken when first needed and reused until the pool
 * closes. Owns the blocks; one thread uses it at a time.
 */
public final class KvBlockPool implements AutoCloseable {

    private static final long ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final KvLayout layout;
    private final long capacityBytes;
    private final List<Deque<KvBlock>> free = new ArrayList<>();
    private long allocatedBytes;
    private long usedBytes;

    /** @param capacityBytes bound on all blocks together */
    public KvBlockPool(KvLayout layout, long capacityBytes) {
        this.layout = layout;
        this.capacityBytes = capacityBytes;
        layout.groups().forEach(_ -> free.add(new ArrayDeque<>()));
    }

    KvLayout layout() {
        return layout;
    }

    /** Bytes of blocks that some sequence holds. */
    public long usedBytes() {
        return usedBytes;
    }

    /** An empty sequence. */
    public SequenceState newSequence() {
        return new SequenceState(this);
    }

    /** @throws CapacityException if the pool is full */
    KvBlock take(int group) {
        KvBlock block = free.get(group).poll();
        if (block == null) {
            block = allocate(group);
        }
        block.references = 1;
        usedBytes += block.data.byteSize();
        return block;
    }

    private KvBlock allocate(int group) {
        long bytes = layout.groups().get(group).blockBytes();
        if (allocatedBytes + bytes > capacityBytes) {
            throw new CapacityException("the KV cache is full: %d of %d bytes are in use; end a sequence or allow a longer context"
                    .formatted(usedBytes, capacityBytes));
        }
        allocatedBytes += bytes;
        return new KvBlock(group, arena.allocate(bytes, ALIGNMENT_BYTES));
    }

    KvBlock share(KvBlock block) {
        block.references++;
        return block;
    }

    void release(KvBlock block) {
        if (--block.references == 0) {
            usedBytes -= block.data.byteSize();
            free.get(block.group).push(block);
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
        arena.close();
    }
}
