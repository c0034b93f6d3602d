package dev.ondine.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where cache blocks get their memory: the JVM's, or the kernels' own, which may lie on huge pages. */
@FunctionalInterface
interface SlabMemory {

    long ALIGNMENT_BYTES = 64;

    /** Memory that ends with the arena. */
    MemorySegment allocate(Arena arena, long bytes, long alignmentBytes);
}
