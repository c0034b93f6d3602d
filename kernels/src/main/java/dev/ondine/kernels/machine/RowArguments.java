package dev.ondine.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The argument block of {@link RowCode}, for one call at a time. Workers have one each. */
final class RowArguments {

    private static final int LONGS = 7;
    /** A cache line, so that workers do not disturb each other. */
    private static final long BYTES = 64;

    private final long[] arguments = new long[LONGS];
    // In the interpreter one bulk copy of a buffer takes as long as one write through a segment, half a microsecond.
    private final LongBuffer buffer;
    private final long address;

    RowArguments() {
        MemorySegment memory = Arena.ofAuto().allocate(BYTES, BYTES);
        buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
        address = memory.address();
    }

    static RowArguments[] perWorker(int workers) {
        RowArguments[] blocks = new RowArguments[workers];
        for (int worker = 0; worker < workers; worker++) {
            blocks[worker] = new RowArguments();
        }
        return blocks;
    }

    void call(MachineCode code, long target, long source, long other, long rows, long columns, long first, long second) {
        arguments[0] = target;
        arguments[1] = source;
        arguments[2] = other;
        arguments[3] = rows;
        arguments[4] = columns;
        arguments[5] = first;
        arguments[6] = second;
        buffer.put(0, arguments);
        code.call(address);
    }
}
