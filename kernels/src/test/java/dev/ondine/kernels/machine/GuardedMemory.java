package dev.ondine.kernels.machine;

import java.lang.foreign.MemorySegment;

/**
 * Memory with an inaccessible page at both ends, so that machine code which reads or writes one byte too many ends the JVM.
 * The bytes asked for end exactly at the upper guard, or begin right after the lower one.
 */
public final class GuardedMemory implements AutoCloseable {

    private final MemorySegment mapping;
    private final MemorySegment segment;

    private GuardedMemory(long bytes, boolean atEnd) {
        long page = SystemCalls.call(SystemCalls.GETPAGESIZE, 0);
        long room = Math.ceilDiv(bytes, page) * page;
        mapping = MemorySegment.ofAddress(checked(SystemCalls.call(SystemCalls.MMAP,
                0, room + 2 * page, SystemCalls.PROT_NONE, SystemCalls.MAP_PRIVATE_ANONYMOUS, -1, 0))).reinterpret(room + 2 * page);
        checked((int) SystemCalls.call(SystemCalls.MPROTECT, mapping.address() + page, room, SystemCalls.PROT_READ_WRITE));
        segment = mapping.asSlice(atEnd ? page + room - bytes : page, bytes);
    }

    private static long checked(long result) {
        if (result == -1) {
            throw new IllegalStateException("the system gives no guarded memory");
        }
        return result;
    }

    /** The byte after the last is inaccessible. */
    public static GuardedMemory endingAtGuard(long bytes) {
        return new GuardedMemory(bytes, true);
    }

    /** The byte before the first is inaccessible. */
    public static GuardedMemory beginningAfterGuard(long bytes) {
        return new GuardedMemory(bytes, false);
    }

    /** Zeros at first; invalid once this is closed, which Java does not notice. */
    public MemorySegment segment() {
        return segment;
    }

    public long address() {
        return segment.address();
    }

    @Override
    public void close() {
        SystemCalls.call(SystemCalls.MUNMAP, mapping.address(), mapping.byteSize(), 0);
    }
}
