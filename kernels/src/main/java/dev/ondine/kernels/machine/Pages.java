package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.WeightMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

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
    /** Of x86-64, and of AArch64 with pages of 4 KiB. */
    private static final long HUGE_PAGE_BYTES = 2L << 20;
    /** Left free beside weights: for the cache of keys and values, and for other programs. */
    private static final long RESERVE_BYTES = 512L << 20;

    private final boolean linux;
    private final LongSupplier freeBytes;

    /** Pages of a system that is taken to have as much memory as is asked for. */
    public Pages(Host host) {
        this(host, () -> Long.MAX_VALUE);
    }

    /** @param freeBytes that this process could still take, asked when it matters */
    public Pages(Host host, LongSupplier freeBytes) {
        linux = host.isLinux();
        this.freeBytes = freeBytes;
    }

    /** Whether so many bytes would leave some free; pages of files count as free, for the system can drop them. */
    @Override
    public boolean hasRoom(long bytes) {
        return bytes <= freeBytes.getAsLong() - RESERVE_BYTES;
    }

    /**
     * Memory of zeros, on huge pages where the system has them; 64-byte aligned, and from the start of a huge page on where it is as
     * large as one. {@link Arena#allocate} would write its zeros
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
        // The rest, before and behind, is never touched and so takes no memory.
        long mappedBytes = bytes < HUGE_PAGE_BYTES ? bytes : Math.addExact(bytes, 2 * HUGE_PAGE_BYTES);
        long mapped = SystemCalls.call(SystemCalls.MMAP,
                0, mappedBytes, SystemCalls.PROT_READ_WRITE, SystemCalls.MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (mapped == SystemCalls.MAP_FAILED) {
            throw new OutOfMemoryError("the system gives no " + bytes + " bytes");
        }
        SystemCalls.call(SystemCalls.MADVISE, mapped, mappedBytes, MADV_HUGEPAGE);
        long address = bytes < HUGE_PAGE_BYTES ? mapped : Math.ceilDiv(mapped, HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES;
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena,
                _ -> SystemCalls.call(SystemCalls.MUNMAP, mapped, mappedBytes, 0));
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
