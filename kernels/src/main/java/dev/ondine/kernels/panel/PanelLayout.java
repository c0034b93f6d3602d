package dev.ondine.kernels.panel;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * How the machine kernels want the numbers of one format to lie in memory: panels of 16 weight rows and all columns. A panel is a run
 * of records, a record some columns of the 16 rows in lines of 64 bytes, a line four bytes per row. So one load brings the same
 * columns of 16 rows, and a product reads a panel from end to end.
 *
 * <p>Everything is little-endian. Rows beyond the last and columns beyond the last record are zero, scales too, so that they decode
 * to 0. The packers describe the lines of each format. What a change here changes in packed bytes must change
 * {@link #VERSION} too.
 */
public final class PanelLayout {

    /** Weight rows of one panel. */
    public static final int ROWS = 16;

    /** Of the packed bytes of all formats; files with another version are packed anew. */
    public static final int VERSION = 1;

    /** Columns of the 16 rows that are moved before the next ones: their records stay in a 32 KiB cache. A multiple of every record. */
    private static final int STRIPE_COLUMNS = 256;

    private final NumberFormat format;
    private final int recordColumns;
    private final int recordBytes;
    private final RowPacker packer;

    private PanelLayout(NumberFormat format, int recordColumns, int recordBytes, RowPacker packer) {
        this.format = format;
        this.recordColumns = recordColumns;
        this.recordBytes = recordBytes;
        this.packer = packer;
    }

    /** @throws IllegalArgumentException if there is {@linkplain #exists no layout} for the format */
    public static PanelLayout of(NumberFormat format) {
        PanelLayout layout = find(format);
        if (layout == null) {
            throw new IllegalArgumentException("number format " + format + " has no panel layout");
        }
        return layout;
    }

    public static boolean exists(NumberFormat format) {
        return find(format) != null;
    }

    private static PanelLayout find(NumberFormat format) {
        return switch (format) {
            case F32 -> new PanelLayout(format, 1, 64, new PlainPackers.F32());
            case F16 -> new PanelLayout(format, 2, 64, new PlainPackers.F16());
            case BF16 -> new PanelLayout(format, 2, 64, new PlainPackers.BF16());
            case Q4_0, IQ4_NL -> new PanelLayout(format, 64, 576, new LegacyQuantPackers.Q4_0());
            case Q4_1 -> new PanelLayout(format, 64, 640, new LegacyQuantPackers.Q4_1());
            case Q5_0 -> new PanelLayout(format, 64, 704, new LegacyQuantPackers.Q5_0());
            case Q5_1 -> new PanelLayout(format, 64, 768, new LegacyQuantPackers.Q5_1());
            case Q8_0 -> new PanelLayout(format, 64, 1088, new LegacyQuantPackers.Q8_0());
            case MXFP4 -> new PanelLayout(format, 128, 1088, new LegacyQuantPackers.MXFP4());
            case Q4_K -> new PanelLayout(format, 256, 2304, new KQuantPackers.Q4_K());
            case Q5_K -> new PanelLayout(format, 256, 2816, new KQuantPackers.Q5_K());
            case Q6_K -> new PanelLayout(format, 256, 3392, new KQuantPackers.Q6_K());
            default -> null;
        };
    }

    public NumberFormat format() {
        return format;
    }

    /** Columns of one record. */
    public int recordColumns() {
        return recordColumns;
    }

    /** Bytes of one record: 16 rows by {@link #recordColumns()}, a multiple of 64. */
    public int recordBytes() {
        return recordBytes;
    }

    /** Bytes of one panel of rows with so many columns. */
    public long panelBytes(long columns) {
        return Math.multiplyExact(Math.ceilDiv(columns, recordColumns), (long) recordBytes);
    }

    /** Panels of so many rows, the last one padded. */
    public static int panels(long rows) {
        return Math.toIntExact(Math.ceilDiv(rows, ROWS));
    }

    /** Bytes of a packed matrix. */
    public long bytes(Shape shape) {
        return Math.multiplyExact(panels(shape.rows()), panelBytes(shape.columns()));
    }

    /**
     * Packs some panels of a matrix. Panels are independent: several threads may pack different ones.
     *
     * @param source    in this layout's format
     * @param fromPanel the first
     * @param toPanel   one after the last
     * @param target    exactly these panels, overwritten completely
     */
    public void pack(Tensor source, int fromPanel, int toPanel, MemorySegment target) {
        Objects.checkFromToIndex(fromPanel, toPanel, panels(source.rows()));
        long panelBytes = panelBytes(source.columns());
        if (source.format() != format || target.byteSize() != (toPanel - fromPanel) * panelBytes) {
            throw new IllegalArgumentException("%d panels of %s %s in %s need %d bytes, found %d for %s".formatted(toPanel - fromPanel,
                    source.name(), source.shape(), source.format(), (toPanel - fromPanel) * panelBytes, target.byteSize(), format));
        }
        for (int panel = fromPanel; panel < toPanel; panel++) {
            packPanel(source, panel * ROWS, target, (panel - fromPanel) * panelBytes);
        }
    }

    private void packPanel(Tensor source, int firstRow, MemorySegment target, long panelOffset) {
        int rows = Math.min(ROWS, source.rows() - firstRow);
        if (rows < ROWS || source.columns() % recordColumns != 0) {
            target.asSlice(panelOffset, panelBytes(source.columns())).fill((byte) 0);
        }
        for (int column = 0; column < source.columns(); column += STRIPE_COLUMNS) {
            int blocks = Math.min(STRIPE_COLUMNS, source.columns() - column) / format.blockElements();
            long from = firstRow * source.bytesPerRow() + format.bytes(column);
            long to = panelOffset + (long) column / recordColumns * recordBytes;
            for (int row = 0; row < rows; row++) {
                packer.pack(source.data(), from + row * source.bytesPerRow(), blocks, target, to, row);
            }
        }
    }
}
