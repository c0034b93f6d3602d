package dev.ondine.kernels.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages of executable memory that hold some pieces of machine code. Pages are writable while the code is copied in and executable
 * after, never both. Whoever closes it takes care that no piece is running; a later call throws.
 *
 * <p>Proven on Linux on x86-64 and refused elsewhere. macOS needs pages mapped with {@code MAP_JIT}, made writable for one thread
 * at a time with {@code pthread_jit_write_protect_np}. On Apple's processors {@code sys_icache_invalidate} must follow the copying.
 * Windows needs {@code VirtualAlloc} with {@code PAGE_READWRITE}, then {@code VirtualProtect} with {@code PAGE_EXECUTE_READ} and
 * {@code FlushInstructionCache}. Its calling convention passes the argument block in rcx instead of rdi, and code must keep rsi,
 * rdi and xmm6 to xmm15.
 */
public final class CodeMemory implements AutoCloseable {

    /** A cache line: where code begins matters to how fast it is fetched. */
    private static final long ALIGNMENT_BYTES = 64;

    /** x86-64's one-byte breakpoint: a jump between two pieces of code stops at once. */
    private static final byte BREAKPOINT = (byte) 0xCC;

    private final MemorySegment pages;
    private final List<MachineCode> codes = new ArrayList<>();
    private volatile boolean closed;

    private CodeMemory(MemorySegment pages) {
        this.pages = pages;
    }

    /**
     * Puts pieces of machine code into executable memory. Each is a function of the C calling convention, as in
     * {@code void kernel(void *argumentBlock)}.
     *
     * @throws CodeMemoryException      if the host is unproven or forbids executable memory
     * @throws IllegalArgumentException if there is no code, or an empty piece
     */
    public static CodeMemory of(Host host, List<byte[]> codes) {
        if (codes.isEmpty() || codes.stream().anyMatch(code -> code.length == 0)) {
            throw new IllegalArgumentException("machine code without an instruction");
        }
        if (!host.isLinux() || !host.isX86()) {
            throw new CodeMemoryException("unproven on " + host);
        }
        long bytes = 0;
        for (byte[] code : codes) {
            bytes = aligned(bytes + code.length, ALIGNMENT_BYTES);
        }
        CodeMemory memory = new CodeMemory(map(aligned(bytes, SystemCalls.call(SystemCalls.GETPAGESIZE, 0))));
        memory.copy(codes);
        memory.seal();
        return memory;
    }

    private static MemorySegment map(long bytes) {
        long address = SystemCalls.call(SystemCalls.MMAP,
                0, bytes, SystemCalls.PROT_READ_WRITE, SystemCalls.MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (address == SystemCalls.MAP_FAILED) {
            throw new CodeMemoryException("the system gives no " + bytes + " bytes");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private void copy(List<byte[]> pieces) {
        pages.fill(BREAKPOINT);
        long offset = 0;
        for (byte[] code : pieces) {
            MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, offset, code.length);
            codes.add(new MachineCode(this, pages.asSlice(offset, 0)));
            offset = aligned(offset + code.length, ALIGNMENT_BYTES);
        }
    }

    private void seal() {
        long refused = SystemCalls.call(SystemCalls.MPROTECT, pages.address(), pages.byteSize(), SystemCalls.PROT_READ_EXECUTE);
        if ((int) refused != 0) {
            String reason = SystemCalls.reasonOfFailure(SystemCalls.MPROTECT,
                    pages.address(), pages.byteSize(), SystemCalls.PROT_READ_EXECUTE, 0, 0, 0);
            close();
            throw new CodeMemoryException("the system forbids it: mprotect says " + reason
                    + "; SELinux, a seccomp filter or a hardened kernel does so");
        }
    }

    /** The piece of code of this index in the list that the memory was made of. */
    public MachineCode code(int index) {
        return codes.get(index);
    }

    /** All pieces, in the order of that list. */
    public List<MachineCode> codes() {
        return List.copyOf(codes);
    }

    /** Bytes of memory taken, whole pages. */
    public long byteSize() {
        return pages.byteSize();
    }

    boolean isClosed() {
        return closed;
    }

    /** Gives the pages back. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            SystemCalls.call(SystemCalls.MUNMAP, pages.address(), pages.byteSize(), 0);
        }
    }

    private static long aligned(long bytes, long alignment) {
        return Math.ceilDiv(bytes, alignment) * alignment;
    }
}
