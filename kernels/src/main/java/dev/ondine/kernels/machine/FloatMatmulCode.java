package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.R10;
import static dev.ondine.kernels.x86.Gpr.R11;
import static dev.ondine.kernels.x86.Gpr.R12;
import static dev.ondine.kernels.x86.Gpr.R13;
import static dev.ondine.kernels.x86.Gpr.R14;
import static dev.ondine.kernels.x86.Gpr.R15;
import static dev.ondine.kernels.x86.Gpr.R8;
import static dev.ondine.kernels.x86.Gpr.R9;
import static dev.ondine.kernels.x86.Gpr.RAX;
import static dev.ondine.kernels.x86.Gpr.RBP;
import static dev.ondine.kernels.x86.Gpr.RBX;
import static dev.ondine.kernels.x86.Gpr.RCX;
import static dev.ondine.kernels.x86.Gpr.RDI;
import static dev.ondine.kernels.x86.Gpr.RDX;
import static dev.ondine.kernels.x86.Gpr.RSI;
import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.tensor.NumberFormat;
import java.util.List;

/**
 * Generates the matrix product of packed F32, F16 or BF16 weights and float32 activations, summed in float32:
 * y[token][row] = sum over columns of x[token][column] · w[row][column], for panels of 16 rows by tiles of some tokens. There is at
 * least one panel, column and tile.
 *
 * <p>A result is one chain of fused multiply-adds in ascending order of columns. A call may go on with the chain that an earlier one
 * left in y, so whatever the instruction set, the tile and the columns of a call, a result has the same bits.
 *
 * <p>x is row-major with any number of columns and is not read beyond them. Every panel gives 16 numbers to every row of y, so a
 * padded panel needs a y of its own.
 */
final class FloatMatmulCode {

    // The argument block: longs at these offsets.
    /** Address of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    static final int COLUMNS = 24;
    /** Address of token 0's first column. */
    static final int X = 32;
    static final int X_STRIDE_BYTES = 40;
    /** Tiles of tokens. */
    static final int TILES = 48;
    /** Address of token 0's result for the first row of the first panel. */
    static final int Y = 56;
    static final int Y_STRIDE_BYTES = 64;
    /** 0: sums start from zero; otherwise from y. */
    static final int ACCUMULATE = 88;
    static final int ARGUMENT_BYTES = 96;

    private static final int PANEL_ROWS = 16;
    private static final int LINE_BYTES = 64;
    private static final int PAIR_BYTES_OF_X = 2 * Float.BYTES;
    /** How far ahead of their use weights are asked for, line by line: the processor alone reaches half of the memory's speed. */
    private static final int PREFETCH_BYTES = 2048;
    /** Tokens whose x is found from one register. */
    private static final int TOKENS_PER_BASE = 5;

    private static final List<Gpr> SAVED = List.of(RBX, RBP, R12, R13, R14, R15);

    // For all of the call.
    private static final Gpr ARGUMENTS = RDI;
    private static final Gpr X_STRIDE = R8;
    private static final Gpr X_STRIDE_3 = R9;
    // Of a panel.
    private static final Gpr PANEL = R11;
    private static final Gpr PANELS_LEFT = R12;
    private static final Gpr PANEL_Y = RBP;
    // Of a tile.
    private static final Gpr TILES_LEFT = R13;
    private static final Gpr TILE_X = R15;
    private static final Gpr TILE_Y = R14;
    // Of a column: the weights, and x of five tokens each.
    private static final Gpr WEIGHT = RBX;
    private static final Gpr[] TOKENS = {RAX, RCX, RDX, RSI};
    private static final Gpr PAIRS_LEFT = R10;

    private final NumberFormat format;
    private final Isa isa;
    private final int tokens;
    /** Vectors of rows in a panel. */
    private final int parts;
    /** Pairs of columns in a turn of the main loop. */
    private final int unroll;
    private final Vec[] weights;
    private final Vec activation;
    /** Constant: of BF16 pairs, the odd column. */
    private final Vec upperHalves;
    private final Assembler asm = new Assembler();

    private FloatMatmulCode(Isa isa, NumberFormat format, int tokens) {
        this.format = format;
        this.isa = isa;
        this.tokens = tokens;
        parts = PANEL_ROWS / isa.lanes();
        unroll = Math.max(1, 4 / tokens);
        int sums = tokens * parts;
        weights = new Vec[parts];
        for (int part = 0; part < parts; part++) {
            weights[part] = isa.vec(sums + part);
        }
        activation = isa.vec(sums + parts);
        upperHalves = isa.vec(sums + parts + 1);
    }

    /** The tokens of a tile that there is code for, the most first. */
    static int[] tileTokens(Isa isa) {
        return isa.isAvx512() ? new int[] {20, 12, 8, 4, 2, 1} : new int[] {6, 4, 2, 1};
    }

    /**
     * @param format F32, F16 or BF16
     * @param tokens of a tile, one of {@link #tileTokens}
     */
    static byte[] of(Isa isa, NumberFormat format, int tokens) {
        return new FloatMatmulCode(isa, format, tokens).generate();
    }

    private byte[] generate() {
        enter();
        panels();
        leave();
        return asm.toBytes();
    }

    private void enter() {
        SAVED.forEach(asm::push);
        asm.mov(X_STRIDE, argument(X_STRIDE_BYTES));
        asm.lea(X_STRIDE_3, at(X_STRIDE, X_STRIDE, 2, 0));
        if (format == NumberFormat.BF16) {
            asm.mov(RAX, 0xFFFF_0000L);
            asm.vmovd(upperHalves.as(16), RAX);
            asm.vpbroadcastd(upperHalves, upperHalves.as(16));
        }
    }

    private void leave() {
        asm.vzeroupper();
        SAVED.reversed().forEach(asm::pop);
        asm.ret();
    }

    private void panels() {
        asm.mov(PANEL, argument(WEIGHTS));
        asm.mov(PANEL_Y, argument(Y));
        asm.mov(PANELS_LEFT, argument(PANELS));
        Label next = placed();
        tiles();
        asm.add(PANEL, argument(PANEL_BYTES));
        asm.add(PANEL_Y, PANEL_ROWS * Float.BYTES);
        asm.sub(PANELS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    private void tiles() {
        asm.mov(TILE_X, argument(X));
        asm.mov(TILE_Y, PANEL_Y);
        asm.mov(TILES_LEFT, argument(TILES));
        Label next = placed();
        tile();
        asm.imul(RAX, X_STRIDE, tokens);
        asm.add(TILE_X, RAX);
        asm.mov(RAX, argument(Y_STRIDE_BYTES));
        asm.imul(RAX, RAX, tokens);
        asm.add(TILE_Y, RAX);
        asm.sub(TILES_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    private void tile() {
        begin();
        asm.mov(WEIGHT, PANEL);
        for (int i = 0; i < bases(); i++) {
            asm.mov(TOKENS[i], i == 0 ? TILE_X : TOKENS[i - 1]);
            if (i > 0) {
                asm.lea(TOKENS[i], at(TOKENS[i], X_STRIDE, 4, 0));
                asm.add(TOKENS[i], X_STRIDE);
            }
        }
        asm.mov(PAIRS_LEFT, argument(COLUMNS));
        asm.shr(PAIRS_LEFT, 1);
        if (unroll > 1) {
            manyPairs();
        }
        pairs();
        oddColumn();
        store();
    }

    private void begin() {
        Label fromZero = new Label();
        Label begun = new Label();
        asm.mov(RAX, argument(ACCUMULATE));
        asm.test(RAX, RAX);
        asm.jump(Condition.EQUAL, fromZero);
        goOn();
        asm.jump(begun);
        asm.place(fromZero);
        for (int i = 0; i < tokens * parts; i++) {
            asm.vpxor(isa.vec(i).as(16), isa.vec(i).as(16), isa.vec(i).as(16));
        }
        asm.place(begun);
    }

    /** Takes the sums from y, and asks for those of the next tile. */
    private void goOn() {
        asm.mov(RAX, TILE_Y);
        asm.mov(RCX, argument(Y_STRIDE_BYTES));
        for (int token = 0; token < tokens; token++) {
            for (int part = 0; part < parts; part++) {
                asm.vmovups(sum(token, part), at(RAX, part * isa.vectorBytes()));
            }
            asm.add(RAX, RCX);
        }
        for (int token = 0; token < tokens; token++) {
            asm.prefetcht0(at(RAX, 0));
            asm.add(RAX, RCX);
        }
    }

    private void manyPairs() {
        Label done = new Label();
        asm.sub(PAIRS_LEFT, unroll);
        asm.jump(Condition.LESS, done);
        Label next = placed();
        for (int pair = 0; pair < unroll; pair++) {
            column(2 * pair);
            column(2 * pair + 1);
        }
        advance(unroll);
        asm.sub(PAIRS_LEFT, unroll);
        asm.jump(Condition.GREATER_OR_EQUAL, next);
        asm.place(done);
        asm.add(PAIRS_LEFT, unroll);
    }

    private void pairs() {
        Label next = new Label();
        Label done = new Label();
        asm.test(PAIRS_LEFT, PAIRS_LEFT);
        asm.jump(Condition.EQUAL, done);
        asm.place(next);
        column(0);
        column(1);
        advance(1);
        asm.sub(PAIRS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, next);
        asm.place(done);
    }

    /** The last column of an odd number has no partner in x, though it may have one of zeros in the weights. */
    private void oddColumn() {
        Label even = new Label();
        asm.mov(PAIRS_LEFT, argument(COLUMNS));
        asm.and(PAIRS_LEFT, 1);
        asm.jump(Condition.EQUAL, even);
        column(0);
        asm.place(even);
    }

    private void advance(int pairs) {
        asm.add(WEIGHT, pairs * pairBytes());
        for (int i = 0; i < bases(); i++) {
            asm.add(TOKENS[i], pairs * PAIR_BYTES_OF_X);
        }
    }

    /** Adds one column's products to the sums. */
    private void column(int column) {
        int line = column * pairBytes() / 2;
        if (line % LINE_BYTES == 0) {
            asm.prefetcht0(at(WEIGHT, line + PREFETCH_BYTES));
        }
        for (int part = 0; part < parts; part++) {
            load(weights[part], part, column);
        }
        for (int token = 0; token < tokens; token++) {
            if (isa.isAvx512()) {
                asm.vfmadd231ps(sum(token, 0), weights[0], x(token, column).toAll());
            } else {
                asm.vbroadcastss(activation, x(token, column));
                for (int part = 0; part < parts; part++) {
                    asm.vfmadd231ps(sum(token, part), weights[part], activation);
                }
            }
        }
    }

    /** A vector of one column's weights as float32. */
    private void load(Vec weight, int part, int column) {
        int pair = column / 2 * pairBytes();
        int odd = column % 2;
        switch (format) {
            case F32 -> asm.vmovups(weight, at(WEIGHT, pair + odd * pairBytes() / 2 + part * isa.vectorBytes()));
            case F16 -> asm.vcvtph2ps(weight, at(WEIGHT, pair + odd * pairBytes() / 2 + part * isa.vectorBytes() / 2));
            case BF16 -> {
                Mem both = at(WEIGHT, pair + part * isa.vectorBytes());
                if (odd == 1) {
                    asm.vpand(weight, upperHalves, both);
                } else {
                    asm.vmovups(weight, both);
                    asm.vpslld(weight, weight, 16);
                }
            }
            default -> throw new IllegalArgumentException(format + " is not a format of plain numbers");
        }
    }

    private void store() {
        asm.mov(RAX, TILE_Y);
        for (int token = 0; token < tokens; token++) {
            for (int part = 0; part < parts; part++) {
                asm.vmovups(at(RAX, part * isa.vectorBytes()), sum(token, part));
            }
            asm.add(RAX, argument(Y_STRIDE_BYTES));
        }
    }

    private Vec sum(int token, int part) {
        return isa.vec(token * parts + part);
    }

    private int bases() {
        return Math.ceilDiv(tokens, TOKENS_PER_BASE);
    }

    private Mem x(int token, int column) {
        Gpr base = TOKENS[token / TOKENS_PER_BASE];
        int offset = column * Float.BYTES;
        return switch (token % TOKENS_PER_BASE) {
            case 0 -> at(base, offset);
            case 1 -> at(base, X_STRIDE, 1, offset);
            case 2 -> at(base, X_STRIDE, 2, offset);
            case 3 -> at(base, X_STRIDE_3, 1, offset);
            default -> at(base, X_STRIDE, 4, offset);
        };
    }

    /** Of two columns of a panel. */
    private int pairBytes() {
        return 2 * PANEL_ROWS * format.blockBytes();
    }

    private Label placed() {
        Label label = new Label();
        asm.place(label);
        return label;
    }

    private static Mem argument(int offset) {
        return at(ARGUMENTS, offset);
    }
}
