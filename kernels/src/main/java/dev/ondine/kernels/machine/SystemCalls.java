package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one way out of Java: any function of up to six whole numbers, those of the C library and those of {@link CodeMemory}.
 *
 * <p>Linking a signature costs about 5 ms at every start, even with an AOT cache, and six registers to fill cost well under 1 ns
 * at each call; so all functions share one signature and ignore the arguments that they do not know. An {@code int} argument is
 * the low half of its register, in the conventions of all 64-bit systems.
 */
final class SystemCalls {

    static final MemorySegment MMAP = find("mmap");
    static final MemorySegment MPROTECT = find("mprotect");
    static final MemorySegment MUNMAP = find("munmap");
    static final MemorySegment MADVISE = find("madvise");
    static final MemorySegment GETPAGESIZE = find("getpagesize");

    // Linux; the same on all its architectures.
    static final long PROT_NONE = 0;
    static final long PROT_READ_WRITE = 1 | 2;
    static final long PROT_READ_EXECUTE = 1 | 4;
    static final long MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
    static final long MAP_FAILED = -1;

    private static final FunctionDescriptor SIX_LONGS = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(SIX_LONGS);

    private SystemCalls() {
    }

    private static MemorySegment find(String function) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(function);
    }

    static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0);
    }

    static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable checked) {
            throw new AssertionError("a downcall throws nothing of its own", checked);
        }
    }

    /**
     * Repeats a call that failed, to learn why, as in {@code Permission denied (errno 13)}. Asking at the first call would need
     * a second signature at every start.
     */
    static String reasonOfFailure(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        StructLayout layout = Linker.Option.captureStateLayout();
        MethodHandle capturing = Linker.nativeLinker().downcallHandle(SIX_LONGS, Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            long ignored = (long) capturing.invokeExact(function, state, a, b, c, d, e, f);
            int errno = (int) layout.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
            MemorySegment text = MemorySegment.ofAddress(call(find("strerror"), errno));
            return text.reinterpret(Long.MAX_VALUE).getString(0) + " (errno " + errno + ")";
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable checked) {
            throw new AssertionError("a downcall throws nothing of its own", checked);
        }
    }
}
