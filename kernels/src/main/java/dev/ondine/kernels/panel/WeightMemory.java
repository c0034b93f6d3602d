package dev.ondine.kernels.panel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How packed weights get memory, and what becomes of the memory they were packed from. */
public interface WeightMemory {

    /** The arena's own memory; what was packed stays as it is. */
    WeightMemory PLAIN = new WeightMemory() {

        @Override
        public boolean hasRoom(long bytes) {
            return true;
        }

        @Override
        public MemorySegment allocate(Arena arena, long bytes) {
            return arena.allocate(bytes, PackedMatrix.ALIGNMENT_BYTES);
        }

        @Override
        public void released(MemorySegment source) {
            // The system takes the pages of a mapped file back when it needs them.
        }
    };

    /** Whether so many bytes can be taken; if not, weights are read from the mapped cache file. */
    boolean hasRoom(long bytes);

    /** Native memory, 64-byte aligned, that ends with the arena. Every byte of it will be written. */
    MemorySegment allocate(Arena arena, long bytes);

    /** These numbers were packed and will hardly be read again, so their pages need not stay resident. */
    void released(MemorySegment source);
}
