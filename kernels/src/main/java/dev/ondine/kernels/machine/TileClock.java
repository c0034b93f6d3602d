package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PanelLayout;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Measures what each kind of tile takes on this machine, in less than a millisecond a format. */
final class TileClock {

    private static final int PANELS = PanelWorker.UNPACKED_PANELS;
    private static final int COLUMNS = 512;
    private static final int REPETITIONS = 5;
    /** Tiles of a kind that follow each other. */
    private static final int MANY = 4;

    private final PanelProduct product;
    private final NumberFormat format;
    private final PanelWorker worker;

    /** @param worker borrowed while it is measured */
    TileClock(PanelProduct product, NumberFormat format, PanelWorker worker) {
        this.product = product;
        this.format = format;
        this.worker = worker;
    }

    TileTable measure() {
        int[] tileTokens = product.tileTokens();
        double[] first = new double[tileTokens.length];
        double[] further = new double[tileTokens.length];
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = Shape.of(PANELS * PanelLayout.ROWS, COLUMNS);
            PanelLayout layout = PanelLayout.of(format);
            MemorySegment weights = arena.allocate(layout.bytes(shape), 64);
            MemorySegment x = arena.allocate((long) MANY * tileTokens[0] * COLUMNS * Float.BYTES, 64);
            MemorySegment y = arena.allocate((long) MANY * tileTokens[0] * shape.rows() * Float.BYTES, 64);
            worker.begin(product, new PackedMatrix("measured", format, shape, weights, layout), x.address(), (long) COLUMNS * Float.BYTES);
            for (int tile = 0; tile < first.length; tile++) {
                first[tile] = nanos(tile, 1, x.address(), y.address(), shape.rows() * Float.BYTES);
                further[tile] = (nanos(tile, MANY, x.address(), y.address(), shape.rows() * Float.BYTES) - first[tile]) / (MANY - 1);
            }
        }
        return new TileTable(tileTokens, first, further);
    }

    /** The best of some, because whatever disturbs makes it slower. */
    private double nanos(int tile, int tiles, long x, long y, long yStrideBytes) {
        long best = Long.MAX_VALUE;
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            long startNanos = System.nanoTime();
            worker.multiply(tile, tiles, 0, PANELS, x, y, yStrideBytes);
            best = Math.min(best, System.nanoTime() - startNanos);
        }
        return best;
    }
}
