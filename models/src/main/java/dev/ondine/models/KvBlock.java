package dev.ondine.models;

import java.lang.foreign.MemorySegment;

/** A run of cache slots for one group of layers, shared by reference count. Only {@link KvBlockPool} makes, counts and moves them. */
final class KvBlock {

    final int group;
    KvSlab slab;
    /** Place in the slab. */
    int index;
    MemorySegment data;
    int references;

    KvBlock(int group, KvSlab slab, int index, MemorySegment data) {
        this.group = group;
        this.slab = slab;
        this.index = index;
        this.data = data;
    }

    /** Takes the place of a free block, contents and all, and leaves its own to it. */
    void moveTo(KvBlock place) {
        place.data.copyFrom(data);
        KvSlab oldSlab = slab;
        int oldIndex = index;
        MemorySegment oldData = data;
        put(place.slab, place.index, place.data);
        place.put(oldSlab, oldIndex, oldData);
    }

    private void put(KvSlab otherSlab, int otherIndex, MemorySegment otherData) {
        slab = otherSlab;
        index = otherIndex;
        data = otherData;
        slab.blocks[index] = this;
    }
}
