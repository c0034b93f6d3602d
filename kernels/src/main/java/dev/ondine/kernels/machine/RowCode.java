package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Mem;

/**
 * A kernel that works row by row. The argument block of all of them, in 64-bit numbers:
 * {target, source, other, rows, columns, first parameter, second parameter}. A float parameter lies in the lower half of its number.
 *
 * <p>What target, source and other point at is each kernel's to say. Rows of floats lie {@code columns} floats apart.
 */
abstract class RowCode extends VectorCode {

    static final Gpr TARGET = Gpr.RSI;
    static final Gpr SOURCE = Gpr.RDX;
    static final Gpr OTHER = Gpr.RCX;
    static final Gpr ROWS = Gpr.R8;
    static final Gpr COLUMNS = Gpr.R9;
    static final Mem FIRST = Mem.at(Gpr.RDI, 40);
    static final Mem SECOND = Mem.at(Gpr.RDI, 48);
    private static final Gpr[] IN_ORDER = {TARGET, SOURCE, OTHER, ROWS, COLUMNS};

    RowCode(Isa isa) {
        super(isa);
        for (int i = 0; i < IN_ORDER.length; i++) {
            asm.mov(IN_ORDER[i], Mem.at(Gpr.RDI, i * Long.BYTES));
        }
    }

    /** The whole kernel, after constants. */
    final byte[] generate() {
        prepare();
        eachRow(ROWS, this::row);
        return finish();
    }

    /** Emits what comes before the first row. */
    void prepare() {
        prepareTail(COLUMNS);
    }

    /** Emits the work on one row, and the steps to the next. */
    abstract void row();

    /** On to the row that begins {@code columns} floats later. */
    final void nextRow(Gpr row) {
        asm.lea(row, Mem.at(row, COLUMNS, Float.BYTES, 0));
    }
}
