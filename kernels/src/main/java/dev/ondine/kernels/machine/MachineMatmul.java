package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PanelLayout;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Weight;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * Products with packed weights. Workers share the panels of all products of one call; each takes its panels through all rows of x
 * while they are in its cache. The operands are checked.
 */
final class MachineMatmul implements AutoCloseable {

    /** Fewer multiplications than this are not worth a second worker: about 2 us. */
    private static final int SHARE_PRODUCTS = 1 << 17;
    /** Panels that go through several pieces of code stay in a cache of this size meanwhile: half of a small second-level cache. */
    private static final int CACHED_BYTES = 1 << 18;
    /** More rows of x than this are many multiplications for each weight read: they go through blocks of columns. */
    private static final int FEW_ROWS = 4;

    private final Isa isa;
    private final Host host;
    private final WorkerTeam team;
    private final MachineCode quantise;
    private final MachineCode arrange;
    private final Arena arena = Arena.ofShared();
    private final Map<NumberFormat, PanelProduct> products = new EnumMap<>(NumberFormat.class);
    private final Map<NumberFormat, TileTable> tables = new EnumMap<>(NumberFormat.class);
    private final PanelWorker[] workers;
    private final SpacedRows spaced;
    private final WorkerTeam.Work multiplyShare = this::multiplyShare;
    private final Weight[] single = new Weight[1];
    private final Matrix[] singleResult = new Matrix[1];
    private Operand[] operands = new Operand[0];
    private int operandCount;
    private int rows;
    /** Whether {@link #spaced} holds the x of this call. */
    private boolean isSpaced;
    private Matrix plain;

    /** One weight of a call with its result and the form of x that it takes. */
    private static final class Operand {
        PackedMatrix weight;
        PanelProduct product;
        TileTable table;
        Matrix y;
        /** Null where the weight takes x as it is. */
        PreparedRows x;
        /** Panels of the operands before it. */
        int firstPanel;
        final PreparedRows own;

        Operand(PreparedRows own) {
            this.own = own;
        }
    }

    /**
     * @param quantise code of {@link QuantiseCode}
     * @param arrange  code of {@link ArrangeCode}
     */
    MachineMatmul(Isa isa, Host host, WorkerTeam team, MachineCode quantise, MachineCode arrange) {
        this.isa = isa;
        this.host = host;
        this.team = team;
        this.quantise = quantise;
        this.arrange = isa == Isa.AMX ? arrange : null;
        MemorySegment pool = Pool.allocate(arena);
        spaced = new SpacedRows(team);
        workers = new PanelWorker[team.size()];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new PanelWorker(isa, arena, pool);
        }
    }

    /** Makes the machine code of a format ready and measures its tiles, so that no product has to wait for it. */
    void prepare(NumberFormat format) {
        if (!products.containsKey(format)) {
            PanelProduct product = PanelProduct.of(isa, host, format);
            products.put(format, product);
            tables.put(format, new TileClock(product, format, workers[0], newRows()).measure());
        }
    }

    void multiply(Weight weight, Matrix x, Matrix y) {
        single[0] = weight;
        singleResult[0] = y;
        multiply(single, x, singleResult);
    }

    void multiply(Weight[] weights, Matrix x, Matrix[] ys) {
        if (x.rows() == 0) {
            return;
        }
        rows = x.rows();
        plain = x;
        isSpaced = false;
        operandCount = weights.length;
        reserveOperands();
        int panels = 0;
        for (int i = 0; i < weights.length; i++) {
            Operand operand = operands[i];
            operand.weight = (PackedMatrix) weights[i];
            operand.product = products.get(operand.weight.format());
            operand.table = tables.get(operand.weight.format());
            operand.y = ys[i];
            operand.firstPanel = panels;
            setActivations(i, x);
            panels += PanelLayout.panels(operand.weight.rows());
        }
        team.split(panels, sharePanels(panels, x), multiplyShare);
    }

    private PreparedRows newRows() {
        return new PreparedRows(team, quantise, arrange);
    }

    private void reserveOperands() {
        if (operands.length < operandCount) {
            operands = new Operand[operandCount];
            for (int i = 0; i < operandCount; i++) {
                operands[i] = new Operand(newRows());
            }
        }
    }

    /** Plain numbers take x as it is, many rows of it spaced; an operand like an earlier one takes what was prepared for that. */
    private void setActivations(int index, Matrix x) {
        Operand operand = operands[index];
        BlockDecoder decoder = operand.product.decoder();
        operand.x = null;
        if (decoder == null) {
            space(x);
            return;
        }
        for (int earlier = 0; earlier < index; earlier++) {
            BlockDecoder other = operands[earlier].product.decoder();
            if (other != null && PreparedRows.areAlike(decoder, other)) {
                operand.x = operands[earlier].x;
                return;
            }
        }
        operand.x = operand.own;
        operand.x.quantise(x, decoder);
    }

    private void space(Matrix x) {
        if (!isSpaced && rows > FEW_ROWS) {
            spaced.copy(x);
            isSpaced = true;
        }
    }

    private int sharePanels(int panels, Matrix x) {
        long panelProducts = (long) PanelLayout.ROWS * x.columns() * x.rows();
        int worthwhile = Math.toIntExact(Math.ceilDiv(SHARE_PRODUCTS, panelProducts));
        int unpacked = x.rows() < TileQuantMatmulCode.TOKENS ? 1 : PanelWorker.UNPACKED_PANELS;
        return Math.max(worthwhile, Math.min(unpacked, Math.ceilDiv(panels, team.size())));
    }

    private void multiplyShare(int worker, int from, int to) {
        for (int i = 0; i < operandCount; i++) {
            Operand operand = operands[i];
            int first = Math.max(from - operand.firstPanel, 0);
            int end = Math.min(to - operand.firstPanel, PanelLayout.panels(operand.weight.rows()));
            if (first < end) {
                multiplyPanels(workers[worker], operand, first, end);
            }
        }
    }

    private void multiplyPanels(PanelWorker worker, Operand operand, int first, int end) {
        int whole = Math.min(end, operand.weight.rows() / PanelLayout.ROWS);
        long yStrideBytes = (long) operand.y.columns() * Float.BYTES;
        begin(worker, operand);
        int step = Math.max(1, (int) (CACHED_BYTES / operand.weight.layout().panelBytes(operand.weight.columns())));
        if (operand.table.isOnePass(rows) || isInBlocks(operand)) {
            step = Math.max(1, whole - first);
        }
        for (int panel = first; panel < whole; panel += step) {
            multiply(worker, operand, panel, Math.min(step, whole - panel),
                    operand.y.data().address() + (long) panel * PanelLayout.ROWS * Float.BYTES, yStrideBytes);
        }
        if (whole < end) {
            multiplyLastPanel(worker, operand, whole);
        }
    }

    private void begin(PanelWorker worker, Operand operand) {
        if (operand.x != null) {
            worker.begin(operand.product, operand.weight, operand.x);
        } else if (isSpaced) {
            worker.begin(operand.product, operand.weight, spaced.address(), spaced.strideBytes());
        } else {
            worker.begin(operand.product, operand.weight, plain.data().address(), (long) plain.columns() * Float.BYTES);
        }
    }

    private boolean isInBlocks(Operand operand) {
        return operand.x == null && rows > FEW_ROWS;
    }

    private void multiply(PanelWorker worker, Operand operand, int panel, int panels, long y, long yStrideBytes) {
        if (isInBlocks(operand)) {
            worker.multiplyPlain(operand.table, panel, panels, rows, y, yStrideBytes);
        } else {
            worker.multiply(operand.table, panel, panels, rows, y, yStrideBytes);
        }
    }

    /** The last panel is padded, the result is not: it goes through scratch. */
    private void multiplyLastPanel(PanelWorker worker, Operand operand, int panel) {
        int firstRow = panel * PanelLayout.ROWS;
        long bytes = (long) (operand.weight.rows() - firstRow) * Float.BYTES;
        MemorySegment scratch = worker.result(rows);
        multiply(worker, operand, panel, 1, scratch.address(), PanelLayout.ROWS * Float.BYTES);
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(scratch, (long) row * PanelLayout.ROWS * Float.BYTES, operand.y.data(),
                    ((long) row * operand.y.columns() + firstRow) * Float.BYTES, bytes);
        }
    }

    @Override
    public void close() {
        products.values().forEach(PanelProduct::close);
        arena.close();
    }
}
