package dev.ondine.kernels;

import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import jdk.incubator.vector.FloatVector;

/**
 * y = x · Wᵀ in two ways. A few rows of x, as in decoding, are multiplied while the weights are decoded, so that memory sees
 * each weight once. Many rows share panels of weights that are decoded to scratch and multiplied in register tiles.
 *
 * <p>Which way, and every sum's order, depends on the shapes alone.
 */
final class VectorMatmul {

    /** From this many rows of x on, decoding a panel once beats decoding per row; measured. */
    private static final int PANEL_X_ROWS = 4;
    /** Weight rows of a panel: a multiple of the tile, small enough that a panel of COLUMNS stays in a 256 KiB cache. */
    private static final int PANEL_ROWS = 16 * Tile.WEIGHT_ROWS;
    /** Columns decoded at once: seven rows of them, one tile's operands, fit a 32 KiB cache. A multiple of every block. */
    private static final int COLUMNS = 1024;
    /** Fewer multiplications than this are not worth a second worker: about 5 us. */
    private static final int SHARE_PRODUCTS = 1 << 15;

    private final WorkerTeam team;
    private final Scratch[] scratch;
    private final float[][] odd;
    private final Scratch arranged = new Scratch();
    private final WorkerTeam.Work multiplyRows = this::multiplyRows;
    private final WorkerTeam.Work multiplyPanel = this::multiplyPanel;

    private Tensor weight;
    private RowFormat format;
    private int columns;
    private int xRows;
    private long x;
    private long xStride;
    private long y;
    private long yStride;

    VectorMatmul(WorkerTeam team) {
        this.team = team;
        this.scratch = Scratch.perWorker(team.size());
        this.odd = new float[team.size()][0];
    }

    /** The operands are checked. */
    void multiply(Tensor weight, Matrix x, Matrix y) {
        this.weight = weight;
        xRows = x.rows();
        columns = weight.columns();
        format = columns % 32 == 0 ? RowFormat.of(weight.format()) : null;
        this.x = x.data().address();
        xStride = 4L * columns;
        this.y = y.data().address();
        yStride = 4L * y.columns();
        if (format != null && xRows < PANEL_X_ROWS) {
            if (format.sumFactor() != 0) {
                appendSums(format.sumFactor());
            }
            team.split(weight.rows(), shareRows(), multiplyRows);
        } else {
            if (format == null) {
                padRows();
            }
            team.split(weight.rows(), PANEL_ROWS, multiplyPanel);
        }
    }

    /** Writes one decoded row of the table per token. The operands are checked. */
    void embed(Tensor table, int[] tokens, Matrix y) {
        RowFormat rows = table.columns() % 32 == 0 ? RowFormat.of(table.format()) : null;
        for (int row = 0; row < y.rows(); row++) {
            if (rows == null) {
                decodeOddRow(table, tokens[row], y, row);
            } else {
                rows.decode(table.data().address() + tokens[row] * table.bytesPerRow(), y.data().address() + 4L * row * y.columns(),
                        table.columns(), scratch[0].address(RowFormat.scratchBytes(table.columns())));
            }
        }
    }

    private void decodeOddRow(Tensor table, int token, Matrix y, int row) {
        float[] numbers = oddNumbers(0, table.columns());
        table.decodeRow(token, numbers, 0);
        y.setRow(row, numbers);
    }

    /** Four shares per worker, so that one that is held up does not hold up all. */
    private int shareRows() {
        int fair = Math.ceilDiv(weight.rows(), 4 * team.size());
        int worthwhile = Math.ceilDiv(SHARE_PRODUCTS, columns * Math.max(1, xRows));
        return Math.max(fair, worthwhile);
    }

    private void multiplyRows(int worker, int from, int to) {
        long weights = weight.data().address();
        long rowBytes = weight.bytesPerRow();
        long scales = scratch[worker].address(RowFormat.scratchBytes(columns));
        for (int out = from; out < to; out++) {
            for (int row = 0; row < xRows; row++) {
                float product = format.dot(weights + out * rowBytes, x + row * xStride, columns, scales);
                Lanes.float32(y + row * yStride + 4L * out, product);
            }
        }
    }

    /** Every 32 numbers of x, followed by a vector whose lanes add up to {@code factor} times their sum. */
    private void appendSums(float factor) {
        long blocks = (long) xRows * columns / 32;
        long target = arranged.address(blocks * RowFormat.SUMMED_BLOCK * Float.BYTES);
        for (long b = 0; b < blocks; b++) {
            appendSum(x + b * 128, target + b * RowFormat.SUMMED_BLOCK * Float.BYTES, factor);
        }
        x = target;
        xStride = columns / 32 * (long) RowFormat.SUMMED_BLOCK * Float.BYTES;
    }

    private static void appendSum(long source, long target, float factor) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < 32; i += Lanes.COUNT) {
            FloatVector numbers = Lanes.load(source + 4L * i);
            Lanes.store(numbers, target + 4L * i);
            sum = sum.add(numbers);
        }
        Lanes.store(sum.mul(factor), target + 128);
    }

    /** Rows of x with zeros behind, so that they are whole vectors. */
    private void padRows() {
        int padded = Math.ceilDiv(columns, 16) * 16;
        long target = arranged.address(4L * xRows * padded);
        for (int row = 0; row < xRows; row++) {
            for (int i = 0; i < padded; i++) {
                Lanes.float32(target + 4L * (row * (long) padded + i), i < columns ? Lanes.float32(x + row * xStride + 4L * i) : 0);
            }
        }
        x = target;
        xStride = 4L * padded;
    }

    /** One share is one panel, or all of them where there is one worker. */
    private void multiplyPanel(int worker, int from, int to) {
        for (int panel = from; panel < to; panel += PANEL_ROWS) {
            int rows = Math.min(PANEL_ROWS, to - panel);
            clear(panel, rows);
            for (int column = 0; column < columns; column += COLUMNS) {
                int count = Math.min(COLUMNS, columns - column);
                long panelWeights = decodePanel(worker, panel, rows, column, count);
                int whole = Math.ceilDiv(count, 16) * 16;
                Tile.multiply(x + 4L * column, xStride, xRows, panelWeights, 4L * COLUMNS, rows, whole, y + 4L * panel, yStride);
            }
        }
    }

    private void clear(int panel, int rows) {
        for (int row = 0; row < xRows; row++) {
            for (int i = 0; i < rows; i++) {
                Lanes.float32(y + row * yStride + 4L * (panel + i), 0);
            }
        }
    }

    /** Decodes columns {@code [column, column + count)} of the panel's rows; COLUMNS floats apart. */
    private long decodePanel(int worker, int panel, int rows, int column, int count) {
        long target = scratch[worker].address(4L * PANEL_ROWS * COLUMNS + RowFormat.scratchBytes(COLUMNS));
        long scales = target + 4L * PANEL_ROWS * COLUMNS;
        for (int row = 0; row < rows; row++) {
            long offset = (panel + row) * weight.bytesPerRow() + weight.format().bytes(column);
            if (format == null) {
                decodeOdd(worker, offset, count, target + 4L * row * COLUMNS);
            } else {
                format.decode(weight.data().address() + offset, target + 4L * row * COLUMNS, count, scales);
            }
        }
        return target;
    }

    private void decodeOdd(int worker, long offsetBytes, int count, long target) {
        float[] numbers = oddNumbers(worker, COLUMNS);
        weight.format().decode(weight.data(), offsetBytes, numbers, 0, count);
        for (int i = 0; i < Math.ceilDiv(count, 16) * 16; i++) {
            Lanes.float32(target + 4L * i, i < count ? numbers[i] : 0);
        }
    }

    private float[] oddNumbers(int worker, int count) {
        if (odd[worker].length < count) {
            odd[worker] = new float[count];
        }
        return odd[worker];
    }
}
