package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** Native memory for the arguments of one call of machine code at a time. Workers have one each. */
final class ArgumentBlock {

    private static final int LONGS = 16;
    /** Two cache lines of its own, so that workers do not disturb each other. */
    private static final long BYTES = 128;

    private final long[] arguments = new long[LONGS];
    // One bulk copy costs half a microsecond in the interpreter; each write through a var handle or a segment as much.
    private final LongBuffer buffer;
    private final long address;

    ArgumentBlock() {
        MemorySegment memory = Arena.ofAuto().allocate(BYTES, BYTES);
        buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
        address = memory.address();
    }

    static ArgumentBlock[] perWorker(int workers) {
        ArgumentBlock[] blocks = new ArgumentBlock[workers];
        for (int worker = 0; worker < workers; worker++) {
            blocks[worker] = new ArgumentBlock();
        }
        return blocks;
    }

    /** Sets the argument at this offset in bytes, for all calls until it is set again. */
    void set(int offset, long value) {
        arguments[offset / Long.BYTES] = value;
    }

    /** Calls machine code with what is set. */
    void call(MachineCode code) {
        buffer.put(0, arguments);
        code.call(address);
    }

    /** Calls machine code with seven whole numbers; it may take fewer. */
    void call(MachineCode code, long a, long b, long c, long d, long e, long f, long g) {
        arguments[0] = a;
        arguments[1] = b;
        arguments[2] = c;
        arguments[3] = d;
        arguments[4] = e;
        arguments[5] = f;
        arguments[6] = g;
        call(code);
    }
}
