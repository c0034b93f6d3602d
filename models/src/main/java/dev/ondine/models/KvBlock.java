package dev.ondine.models;

import java.lang.foreign.MemorySegment;

/** A run of cache slots for one group of layers, shared by reference count. Only {@link KvBlockPool} makes and counts them. */
final class KvBlock {

    final int group;
    final MemorySegment data;
    int references;

    KvBlock(int group, MemorySegment data) {
        this.group = group;
        this.data = data;
    }
}
