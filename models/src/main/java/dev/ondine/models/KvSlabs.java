package dev.ondine.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** All blocks of one group of layers, in slabs. Blocks come from the slab that was full last, so that others run empty. */
final class KvSlabs {

    private final SlabMemory memory;
    private final int group;
    private final long blockBytes;
    private final int blocksPerSlab;
    private final List<KvSlab> slabs = new ArrayList<>();
    private final Deque<KvSlab> withRoom = new ArrayDeque<>();

    KvSlabs(SlabMemory memory, int group, long blockBytes, long slabBytes) {
        this.memory = memory;
        this.group = group;
        this.blockBytes = blockBytes;
        this.blocksPerSlab = Math.toIntExact(Math.max(1, slabBytes / blockBytes));
    }

    long blockBytes() {
        return blockBytes;
    }

    long slabBytes() {
        return blockBytes * blocksPerSlab;
    }

    /** Memory of all slabs. */
    long allocatedBytes() {
        return slabBytes() * slabs.size();
    }

    boolean hasFree() {
        return !withRoom.isEmpty();
    }

    /** Takes a slab from the system. */
    void grow() {
        KvSlab slab = new KvSlab(memory, group, blockBytes, blocksPerSlab);
        slabs.add(slab);
        withRoom.push(slab);
    }

    /** A free block; there must be one. */
    KvBlock take() {
        KvSlab slab = withRoom.getFirst();
        KvBlock block = slab.take();
        if (slab.isFull()) {
            withRoom.removeFirst();
        }
        return block;
    }

    void give(KvBlock block) {
        if (block.slab.isFull()) {
            withRoom.push(block.slab);
        }
        block.slab.give(block);
    }

    /** Moves blocks together and gives the slabs that this empties back to the system. */
    void trim() {
        List<KvSlab> byRoom = new ArrayList<>(withRoom);
        byRoom.sort(Comparator.comparingInt(KvSlab::freeCount));
        int target = 0;
        for (int source = byRoom.size() - 1; source > target; source--) {
            target = moveOut(byRoom, source, target);
        }
        withRoom.clear();
        byRoom.stream().filter(slab -> !slab.isFull() && !slab.isEmpty()).forEach(withRoom::add);
        slabs.removeIf(slab -> {
            if (slab.isEmpty()) {
                slab.close();
            }
            return slab.isEmpty();
        });
    }

    /** @return the first slab that still has room */
    private static int moveOut(List<KvSlab> byRoom, int source, int from) {
        int target = from;
        KvSlab emptied = byRoom.get(source);
        for (KvBlock block : emptied.blocks.clone()) {
            while (target < source && byRoom.get(target).isFull()) {
                target++;
            }
            if (target == source) {
                break;
            }
            if (block.references > 0) {
                KvBlock place = byRoom.get(target).take();
                block.moveTo(place);
                emptied.give(place);
            }
        }
        return target;
    }

    void close() {
        slabs.forEach(KvSlab::close);
        slabs.clear();
    }
}
