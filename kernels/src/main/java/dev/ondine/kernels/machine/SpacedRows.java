package dev.ondine.kernels.machine;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A copy of the rows of x whose rows do not begin at the same place of a cache set: those of a power of two of columns would drive
 * each other out of the cache. Its memory grows to the largest x seen and is used again.
 */
final class SpacedRows {

    private static final int LINE_BYTES = 64;
    /** Numbers that one worker copies faster than two rendezvous. */
    private static final int SHARE = 1 << 14;

    private final WorkerTeam team;
    private final WorkerTeam.Work copyWork = this::copyRows;
    private MemorySegment memory = MemorySegment.NULL;
    private MemorySegment x;
    private long rowBytes;
    private long strideBytes;

    SpacedRows(WorkerTeam team) {
        this.team = team;
    }

    void copy(Matrix x) {
        this.x = x.data();
        rowBytes = (long) x.columns() * Float.BYTES;
        strideBytes = (Math.ceilDiv(rowBytes, LINE_BYTES) | 1) * LINE_BYTES;
        if (memory.byteSize() < x.rows() * strideBytes) {
            memory = Arena.ofAuto().allocate(x.rows() * strideBytes, LINE_BYTES);
        }
        team.split(x.rows(), Math.ceilDiv(SHARE, x.columns()), copyWork);
    }

    private void copyRows(int worker, int from, int to) {
        for (int row = from; row < to; row++) {
            MemorySegment.copy(x, row * rowBytes, memory, row * strideBytes, rowBytes);
        }
    }

    /** Address of the first row. */
    long address() {
        return memory.address();
    }

    /** Bytes from one row to the next. */
    long strideBytes() {
        return strideBytes;
    }
}
