package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PanelLayout;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Measures what each kind of tile takes on this machine, in a few milliseconds a format. */
final class TileClock {

    private static final int PANELS = PanelWorker.UNPACKED_PANELS;
    private static final int COLUMNS = 1024;
    /** Rows of plain numbers lie so far apart: as in {@link SpacedRows}, they do not begin at the same place of a cache set. */
    private static final int PLAIN_STRIDE = PanelWorker.PLAIN_COLUMNS + 16;
    /** All kinds in turn, so that a processor that wakes its tile unit slowly, or clocks lower meanwhile, does so for all of them. */
    private static final int ROUNDS = 6;
    /** Tiles of a kind that follow each other. */
    private static final int MANY = 4;

    private final PanelProduct product;
    private final NumberFormat format;
    private final PanelWorker worker;
    private final PreparedRows rows;

    /**
     * @param worker borrowed while it is measured
     * @param rows   empty
     */
    TileClock(PanelProduct product, NumberFormat format, PanelWorker worker, PreparedRows rows) {
        this.product = product;
        this.format = format;
        this.worker = worker;
        this.rows = rows;
    }

    TileTable measure() {
        int[] tileTokens = product.tileTokens();
        double[] first = new double[tileTokens.length];
        double[] further = new double[tileTokens.length];
        try (Arena arena = Arena.ofConfined()) {
            boolean plain = product.decoder() == null;
            Shape shape = Shape.of(PANELS * PanelLayout.ROWS, plain ? PanelWorker.PLAIN_COLUMNS : COLUMNS);
            PanelLayout layout = PanelLayout.of(format);
            MemorySegment weights = arena.allocate(layout.bytes(shape), 64);
            Matrix x = Matrix.allocate(arena, MANY * tileTokens[0], plain ? PLAIN_STRIDE : COLUMNS);
            MemorySegment y = arena.allocate((long) x.rows() * shape.rows() * Float.BYTES, 64);
            begin(new PackedMatrix("measured", shape, weights, layout), x);
            Arrays.fill(first, Double.POSITIVE_INFINITY);
            double[] many = first.clone();
            for (int round = 0; round < ROUNDS; round++) {
                for (int tile = 0; tile < first.length; tile++) {
                    // The best of some, because whatever disturbs makes it slower.
                    first[tile] = Math.min(first[tile], nanos(tile, 1, y.address(), shape.rows() * Float.BYTES));
                    many[tile] = Math.min(many[tile], nanos(tile, MANY, y.address(), shape.rows() * Float.BYTES));
                }
            }
            Arrays.setAll(further, tile -> (many[tile] - first[tile]) / (MANY - 1));
        }
        return new TileTable(tileTokens, first, further);
    }

    private void begin(PackedMatrix weights, Matrix x) {
        if (product.decoder() == null) {
            worker.begin(product, weights, x.data().address(), (long) PLAIN_STRIDE * Float.BYTES);
        } else {
            rows.quantise(x, product.decoder());
            worker.begin(product, weights, rows);
        }
    }

    private long nanos(int tile, int tiles, long y, long yStrideBytes) {
        long startNanos = System.nanoTime();
        worker.multiply(tile, tiles, 0, PANELS, 0, y, yStrideBytes);
        return System.nanoTime() - startNanos;
    }
}
