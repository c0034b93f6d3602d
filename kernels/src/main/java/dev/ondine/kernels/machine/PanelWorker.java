package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PanelLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One worker's way through panels of packed weights: which pieces of code it calls for how many rows of x, and its scratch. */
final class PanelWorker {

    /**
     * Columns that are unpacked at once, a multiple of every record: activations of 16 tokens stay in a first-level cache, 20 KiB, and
     * weights of {@link #UNPACKED_PANELS} panels in a second-level one, 320 KiB.
     */
    private static final int UNPACKED_COLUMNS = 1024;
    static final int UNPACKED_PANELS = 16;
    /**
     * Columns that rows of plain numbers go through at once, a multiple of every record: those of the largest tile's tokens and of a
     * panel stay in a first-level cache, 20 + 16 KiB.
     */
    static final int PLAIN_COLUMNS = 256;
    /** Panels that plain rows go through at once: their results stay in a second-level cache. */
    private static final int PLAIN_PANELS = 16;
    private static final int BLOCK_COLUMNS = ActivationLayout.RECORD_COLUMNS;

    private final ArgumentBlock arguments = new ArgumentBlock();
    private final ArgumentBlock unpackArguments = new ArgumentBlock();
    private final ArgumentBlock tileArguments = new ArgumentBlock();
    /** Null where there are no matrix tiles. */
    private final MemorySegment unpacked;
    private final MemorySegment configuration;
    private MemorySegment result = MemorySegment.NULL;
    private PanelProduct product;
    private PackedMatrix weight;
    private long panelBytes;
    private PreparedRows prepared;
    private long x;
    private long xStrideBytes;
    /** Of the block of columns under way. */
    private int column;

    PanelWorker(Isa isa, Arena arena, MemorySegment pool) {
        MemorySegment scratch = arena.allocate(BlockRegisters.SCRATCH_BYTES, 64);
        arguments.set(QuantMatmulCode.SCRATCH, scratch.address());
        arguments.set(QuantMatmulCode.POOL, pool.address());
        if (isa != Isa.AMX) {
            unpacked = null;
            configuration = null;
            return;
        }
        int blocks = UNPACKED_PANELS * UNPACKED_COLUMNS / BLOCK_COLUMNS + TileQuantMatmulCode.BLOCKS_AHEAD;
        unpacked = arena.allocate((long) blocks * UnpackCode.BLOCK_BYTES, 64);
        configuration = arena.allocate(64, 64);
        unpackArguments.set(UnpackCode.SCRATCH, scratch.address());
        unpackArguments.set(UnpackCode.POOL, pool.address());
        unpackArguments.set(UnpackCode.TARGET, unpacked.address());
        tileArguments.set(TileQuantMatmulCode.WEIGHTS, unpacked.address());
        tileArguments.set(TileQuantMatmulCode.BUFFER, arena.allocate(TileQuantMatmulCode.BUFFER_BYTES, 64).address());
        tileArguments.set(TileQuantMatmulCode.CONFIGURATION, configuration.address());
    }

    /** Takes a weight and the rows of x, quantised for it, for the calls that follow. */
    void begin(PanelProduct product, PackedMatrix weight, PreparedRows prepared) {
        begin(product, weight, prepared.address(), prepared.strideBytes());
        this.prepared = prepared;
    }

    /** Takes a weight and the rows of x as they are. */
    void begin(PanelProduct product, PackedMatrix weight, long x, long xStrideBytes) {
        this.product = product;
        this.weight = weight;
        this.x = x;
        this.xStrideBytes = xStrideBytes;
        panelBytes = weight.layout().panelBytes(weight.columns());
        column = 0;
        arguments.set(FloatMatmulCode.ACCUMULATE, 0);
        arguments.set(QuantMatmulCode.PANEL_BYTES, panelBytes);
        arguments.set(QuantMatmulCode.RECORDS, product.decoder() == null ? weight.columns() : panelBytes / weight.layout().recordBytes());
        arguments.set(QuantMatmulCode.X_STRIDE, xStrideBytes);
    }

    /** Scratch for a panel's results [row, 16]. */
    MemorySegment result(int rows) {
        long bytes = (long) rows * PanelLayout.ROWS * Float.BYTES;
        if (result.byteSize() < bytes) {
            result = Arena.ofAuto().allocate(bytes, 64);
        }
        return result;
    }

    /**
     * Multiplies all rows by some panels, which are few enough to stay in a cache unless one kind of tile takes all rows at once.
     *
     * @param y address of the first row's result for the first of the panels
     */
    void multiply(TileTable table, int panel, int panels, int rows, long y, long yStrideBytes) {
        for (int done = 0; done < rows; ) {
            int tile = table.tile(rows - done);
            int tiles = table.run(rows - done, tile);
            multiply(tile, tiles, panel, panels, done, y + done * yStrideBytes, yStrideBytes);
            done += tiles * product.tileTokens()[tile];
        }
    }

    /** Multiplies all rows by some panels of plain numbers, block by block of columns. */
    void multiplyPlain(TileTable table, int panel, int panels, int rows, long y, long yStrideBytes) {
        for (int done = 0; done < panels; done += PLAIN_PANELS) {
            int count = Math.min(PLAIN_PANELS, panels - done);
            for (column = 0; column < weight.columns(); column += PLAIN_COLUMNS) {
                arguments.set(FloatMatmulCode.COLUMNS, Math.min(PLAIN_COLUMNS, weight.columns() - column));
                arguments.set(FloatMatmulCode.ACCUMULATE, column);
                multiply(table, panel + done, count, rows, y + (long) done * PanelLayout.ROWS * Float.BYTES, yStrideBytes);
            }
        }
    }

    /** Multiplies the rows that some tiles of one kind take, from this row of x on. */
    void multiply(int tile, int tiles, int panel, int panels, int row, long tileY, long yStrideBytes) {
        if (product.isMatrixTile(tile)) {
            if (row % TileQuantMatmulCode.TOKENS != 0) {
                throw new IllegalStateException("matrix tiles from row %d, expected a multiple of %d".formatted(row, TileQuantMatmulCode.TOKENS));
            }
            multiplyMatrixTiles(panel, panels, tiles, row / TileQuantMatmulCode.TOKENS, tileY, yStrideBytes);
            return;
        }
        arguments.set(QuantMatmulCode.WEIGHTS, weight.data().address() + panel * panelBytes
                + (long) column / weight.layout().recordColumns() * weight.layout().recordBytes());
        arguments.set(QuantMatmulCode.PANELS, panels);
        arguments.set(QuantMatmulCode.Y_STRIDE, yStrideBytes);
        arguments.set(QuantMatmulCode.TILES, tiles);
        arguments.set(QuantMatmulCode.X, x + row * xStrideBytes + (long) column * Float.BYTES);
        arguments.set(QuantMatmulCode.Y, tileY);
        arguments.call(product.tile(tile));
    }

    private void multiplyMatrixTiles(int panel, int panels, int tiles, int firstTile, long y, long yStrideBytes) {
        MemorySegment.copy(product.tileConfiguration(), 0, configuration, ValueLayout.JAVA_BYTE, 0, (int) configuration.byteSize());
        unpackArguments.set(UnpackCode.PANEL_BYTES, panelBytes);
        tileArguments.set(TileQuantMatmulCode.X_TILE_BYTES, prepared.tileBytes());
        tileArguments.set(TileQuantMatmulCode.TILES, tiles);
        tileArguments.set(TileQuantMatmulCode.Y_STRIDE, yStrideBytes);
        int columns = Math.toIntExact(panelBytes / weight.layout().recordBytes()) * weight.layout().recordColumns();
        for (int done = 0; done < panels; done += UNPACKED_PANELS) {
            int count = Math.min(UNPACKED_PANELS, panels - done);
            long panelsY = y + (long) done * PanelLayout.ROWS * Float.BYTES;
            for (int column = 0; column < columns; column += UNPACKED_COLUMNS) {
                multiplyColumns(panel + done, count, column, Math.min(UNPACKED_COLUMNS, columns - column), firstTile, panelsY);
            }
        }
    }

    private void multiplyColumns(int panel, int panels, int column, int columns, int firstTile, long y) {
        long unpackedPanelBytes = (long) columns / BLOCK_COLUMNS * UnpackCode.BLOCK_BYTES;
        int recordColumns = weight.layout().recordColumns();
        unpackArguments.set(UnpackCode.WEIGHTS, weight.data().address() + panel * panelBytes
                + (long) column / recordColumns * weight.layout().recordBytes());
        unpackArguments.set(UnpackCode.PANELS, panels);
        unpackArguments.set(UnpackCode.RECORDS, columns / recordColumns);
        unpackArguments.set(UnpackCode.TARGET_PANEL_BYTES, unpackedPanelBytes);
        unpackArguments.call(product.unpack());
        tileArguments.set(TileQuantMatmulCode.PANEL_BYTES, unpackedPanelBytes);
        tileArguments.set(TileQuantMatmulCode.PANELS, panels);
        tileArguments.set(TileQuantMatmulCode.BLOCKS, columns / BLOCK_COLUMNS);
        tileArguments.set(TileQuantMatmulCode.X, prepared.tile(firstTile) + (long) column / BLOCK_COLUMNS * ArrangeCode.BLOCK_BYTES);
        tileArguments.set(TileQuantMatmulCode.Y, y);
        tileArguments.set(TileQuantMatmulCode.ACCUMULATE, column);
        tileArguments.call(product.tile(0));
    }
}
