package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.WeightMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory as the operating system deals it out, in pages: large memory on huge pages, and advice on files that are mapped.
 *
 * <p>Huge pages and advice change speed and occupied memory, never contents, and nothing may depend on them. They are Linux's
 * {@code madvise}; elsewhere memory is the JVM's and advice does nothing.
 */
public final class Pages implements WeightMemory {

    // Linux, asm-generic/mman-common.h.
    private static final long MADV_DONTNEED = 4;
    private static final long MADV_HUGEPAGE = 14;
    private static final long MADV_POPULATE_READ = 22;

    private static final long ALIGNMENT_BYTES = 64;

    private final boolean linux;

    public Pages(Host host) {
        linux = host.isLinux();
    }

    /**
     * Memory of zeros, on huge pages where the system has them; 64-byte aligned. {@link Arena#allocate} would write its zeros
     * before anyone can ask for huge pages, and stops at the JVM's limit for direct memory.
     *
     * @param arena gives the memory back; not a confined one where workers are to use it
     * @throws OutOfMemoryError if there is not as much
     */
    @Override
    public MemorySegment allocate(Arena arena, long bytes) {
        if (!linux || bytes <= 0) {
            return arena.allocate(bytes, ALIGNMENT_BYTES);
        }
        long address = SystemCalls.call(SystemCalls.MMAP,
                0, bytes, SystemCalls.PROT_READ_WRITE, SystemCalls.MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (address == SystemCalls.MAP_FAILED) {
            throw new OutOfMemoryError("the system gives no " + bytes + " bytes");
        }
        SystemCalls.call(SystemCalls.MADVISE, address, bytes, MADV_HUGEPAGE);
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena,
                memory -> SystemCalls.call(SystemCalls.MUNMAP, memory.address(), memory.byteSize(), 0));
    }

    /**
     * Makes the pages of a mapped file present now, reading from the disk what is not cached: cheaper than a fault for each.
     *
     * @return whether the system did so
     */
    public boolean populate(MemorySegment mappedFile) {
        return advise(mappedFile, MADV_POPULATE_READ);
    }

    /**
     * Gives the pages of a mapped file back. The system may keep them cached, and they return when they are read.
     *
     * @return whether the system did so
     */
    public boolean release(MemorySegment mappedFile) {
        return advise(mappedFile, MADV_DONTNEED);
    }

    /** Gives the pages of a mapped file back, if they are one's. */
    @Override
    public void released(MemorySegment source) {
        if (source.isMapped() && source.isReadOnly()) {
            release(source);
        }
    }

    /** Advises on the pages that lie wholly inside. Memory other than a file's would lose its contents when released. */
    private boolean advise(MemorySegment mappedFile, long advice) {
        if (!mappedFile.isMapped() || !mappedFile.isReadOnly()) {
            throw new IllegalArgumentException("no file mapped for reading only: " + mappedFile);
        }
        if (!mappedFile.scope().isAlive()) {
            throw new IllegalStateException("this file is no longer mapped");
        }
        if (!linux) {
            return false;
        }
        long page = SystemCalls.call(SystemCalls.GETPAGESIZE, 0);
        long from = Math.ceilDiv(mappedFile.address(), page) * page;
        long bytes = (mappedFile.address() + mappedFile.byteSize()) / page * page - from;
        return bytes > 0 && (int) SystemCalls.call(SystemCalls.MADVISE, from, bytes, advice) == 0;
    }
}
