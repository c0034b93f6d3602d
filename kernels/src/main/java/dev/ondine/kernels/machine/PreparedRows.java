package dev.ondine.kernels.machine;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of x in the form that a product reads: records of {@link ActivationLayout}, and where there are matrix tiles also what
 * {@link ArrangeCode} makes of each 16 rows. Its memory grows to the largest x seen and is used again.
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
    /** Null where there are no matrix tiles. */
    private final MachineCode arrange;
    private final ArgumentBlock[] blocks;
    private final WorkerTeam.Work quantiseWork = this::quantiseRows;
    private final WorkerTeam.Work arrangeWork = this::arrangeTiles;
    private MemorySegment memory = MemorySegment.NULL;
    private MemorySegment tiles = MemorySegment.NULL;
    private long strideBytes;
    private long x;
    private int columns;
    /** Rows of these columns whose end is known to be zero. */
    private int endedRows;
    private int firstFactor;
    private int lastFactor;

    PreparedRows(WorkerTeam team, MachineCode quantise, MachineCode arrange) {
        this.team = team;
        this.quantise = quantise;
        this.arrange = arrange;
        this.blocks = ArgumentBlock.perWorker(team.size());
    }

    /** Quantises all rows for weights that this decoder decodes. */
    void quantise(Matrix x, BlockDecoder decoder) {
        this.x = x.data().address();
        firstFactor = -decoder.zeroPoint();
        lastFactor = decoder.hasTwoScales() ? 0 : -decoder.zeroPoint();
        reserve(x.rows(), x.columns());
        team.split(x.rows(), Math.ceilDiv(SHARE, columns), quantiseWork);
        int wholeTiles = x.rows() / TileQuantMatmulCode.TOKENS;
        if (arrange != null && wholeTiles > 0) {
            reserveTiles(wholeTiles);
            team.split(wholeTiles, 1, arrangeWork);
        }
    }

    private void reserveTiles(int count) {
        long bytes = count * tileBytes() + TileQuantMatmulCode.BLOCKS_AHEAD * ArrangeCode.BLOCK_BYTES;
        if (tiles.byteSize() < bytes) {
            tiles = Arena.ofAuto().allocate(bytes, 64);
        }
    }

    private void arrangeTiles(int worker, int from, int to) {
        ArgumentBlock block = blocks[worker];
        block.set(ArrangeCode.X, memory.address() + from * TileQuantMatmulCode.TOKENS * strideBytes);
        block.set(ArrangeCode.X_STRIDE, strideBytes);
        block.set(ArrangeCode.TARGET, tile(from));
        block.set(ArrangeCode.TARGET_TILE_BYTES, tileBytes());
        block.set(ArrangeCode.TILES, to - from);
        block.set(ArrangeCode.BLOCKS, paddedBlocks());
        block.call(arrange);
    }

    private int paddedBlocks() {
        return Math.ceilDiv(columns, ROUND_COLUMNS) * (ROUND_COLUMNS / ActivationLayout.RECORD_COLUMNS);
    }

    /** Bytes from 16 arranged rows to the next 16. */
    long tileBytes() {
        return (long) paddedBlocks() * ArrangeCode.BLOCK_BYTES;
    }

    /** Address of so many times 16 arranged rows further. */
    long tile(int tile) {
        return tiles.address() + tile * tileBytes();
    }

    /** Whether rows that were prepared for one of the decoders serve the other. */
    static boolean areAlike(BlockDecoder a, BlockDecoder b) {
        return a.zeroPoint() == b.zeroPoint() && a.hasTwoScales() == b.hasTwoScales();
    }

    /** Records behind a row's last column are zero. Other columns leave other ones behind. */
    private void reserve(int rows, int columns) {
        if (columns != this.columns) {
            this.columns = columns;
            endedRows = 0;
        }
        strideBytes = (long) paddedBlocks() * ActivationLayout.RECORD_BYTES + GAP_BYTES;
        if (memory.byteSize() < rows * strideBytes) {
            memory = Arena.ofAuto().allocate(rows * strideBytes, 64);
            endedRows = rows;
        }
        for (; columns % ROUND_COLUMNS != 0 && endedRows < rows; endedRows++) {
            long written = Math.ceilDivExact(columns, ActivationLayout.RECORD_COLUMNS) * (long) ActivationLayout.RECORD_BYTES;
            memory.asSlice(endedRows * strideBytes + written, strideBytes - written).fill((byte) 0);
        }
    }

    private void quantiseRows(int worker, int from, int to) {
        ArgumentBlock block = blocks[worker];
        block.set(QuantiseCode.SECOND_IN_FIRST, lastFactor);
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
