package dev.ondine.kernels.machine;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of x in the form that a product reads: records of {@link ActivationLayout}. Its memory grows to the largest x seen and is
 * used again.
 */
final class PreparedRows {

    /** Columns that packed rows are whole multiples of, at most. */
    private static final int ROUND_COLUMNS = 256;
    /** Rows do not begin at the same place of a cache set. */
    private static final int GAP_BYTES = 64;
    /** Numbers that one worker quantises faster than two rendezvous. */
    private static final int SHARE = 1 << 13;

    private final WorkerTeam team;
    private final MachineCode quantise;
    private final ArgumentBlock[] blocks;
    private final WorkerTeam.Work work = this::quantiseRows;
    private MemorySegment memory = MemorySegment.NULL;
    private long strideBytes;
    private long x;
    private int columns;
    private int firstFactor;
    private int lastFactor;

    PreparedRows(WorkerTeam team, MachineCode quantise) {
        this.team = team;
        this.quantise = quantise;
        this.blocks = ArgumentBlock.perWorker(team.size());
    }

    /** Quantises all rows for weights that this decoder decodes. */
    void quantise(Matrix x, BlockDecoder decoder) {
        this.x = x.data().address();
        firstFactor = -decoder.zeroPoint();
        lastFactor = decoder.hasTwoScales() ? 0 : -decoder.zeroPoint();
        reserve(x.rows(), x.columns());
        team.split(x.rows(), Math.ceilDiv(SHARE, columns), work);
    }

    /** Whether rows that were prepared for one of the decoders serve the other. */
    static boolean areAlike(BlockDecoder a, BlockDecoder b) {
        return a.zeroPoint() == b.zeroPoint() && a.hasTwoScales() == b.hasTwoScales();
    }

    /** Records behind a row's last column are zero. */
    private void reserve(int rows, int columns) {
        strideBytes = (long) Math.ceilDiv(columns, ROUND_COLUMNS) * ROUND_COLUMNS / ActivationLayout.RECORD_COLUMNS
                * ActivationLayout.RECORD_BYTES + GAP_BYTES;
        if (memory.byteSize() < rows * strideBytes) {
            memory = Arena.ofAuto().allocate(rows * strideBytes, 64);
        } else if (columns != this.columns && columns % ROUND_COLUMNS != 0) {
            memory.fill((byte) 0);
        }
        this.columns = columns;
    }

    private void quantiseRows(int worker, int from, int to) {
        ArgumentBlock block = blocks[worker];
        block.set(56, lastFactor);
        block.call(quantise, x + 4L * from * columns, 4L * columns, memory.address() + from * strideBytes, strideBytes,
                to - from, columns, firstFactor);
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
