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
import static dev.ondine.kernels.x86.Gpr.RSP;
import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Tmm;
import java.util.List;

/**
 * Generates the bfloat16 matrix product with the tiles of AMX, summed in float32:
 * y[token][row] = addend[token][row] + sum over k of x[token][k] · w[row][k]. One call does all tokens by one group of panels by one
 * block of columns; there is at least one of each.
 *
 * <p>x is bfloat16, row-major: a whole number of steps of {@value #STEP_COLUMNS} columns, padded with zeros. w is in the BF16 panel
 * layout, 64 bytes a pair of columns. y is float32, row-major. Every panel gives {@value #PANEL_ROWS} numbers to every row of y, so a
 * padded panel needs a y of its own. No row beyond the last token is touched. The processor takes subnormal numbers for 0.
 *
 * <p>The system must have granted the process the tile registers; the code shapes them and gives them up again.
 *
 * <h2>How to get the speed</h2>
 * Four sums of a tile each, 32 tokens by 32 rows, need two tiles of x and two of w a step: all from the second-level cache would be
 * more than it delivers. So 32 tokens of x stay in the first-level cache while the panels stream past from the second level, marked
 * as read once. That asks of the caller:
 * <ul>
 * <li>Blocks of {@value #BLOCK_COLUMNS} columns: 32 KiB of x. Wider ones overflow the cache, with narrower ones y moves too often.
 * <li>x stored block by block, [block][token][{@value #BLOCK_COLUMNS}], so the row stride is {@value #BLOCK_COLUMNS} · 2 bytes: rows
 *     that lie a power of two apart would fall on the same sets of the cache.
 * <li>Groups of 16 to 32 panels, 256 to 512 KiB a block, unpacked just before the call so that they are in the second-level cache.
 * <li>All blocks of a group before the next group: the first starts from zero, the last writes to y, and between them the sums stay
 *     in scratch with rows a line longer than the group, for rows of y lie apart as rows of x did.
 * <li>Up to 256 tokens a call: with more, the second-level cache no longer holds the sums.
 * </ul>
 */
final class TileMatmulCode {

    /** Columns that one tile of x, and one tile of w, holds. */
    static final int STEP_COLUMNS = 32;

    /** Columns of one call that keep the most of the peak. */
    static final int BLOCK_COLUMNS = 512;

    static final int PANEL_ROWS = 16;

    // The argument block: longs at these offsets.
    /** Address of token 0's first column of the block. */
    static final int X = 0;
    static final int X_STRIDE_BYTES = 8;
    static final int TOKENS = 16;
    /** Address of the first panel's first line of the block. */
    static final int WEIGHTS = 24;
    /** From one panel to the next. */
    static final int PANEL_STRIDE_BYTES = 32;
    static final int PANELS = 40;
    /** Steps of {@value #STEP_COLUMNS} columns in the block. */
    static final int STEPS = 48;
    /** Address of token 0's sum for the first row of the first panel. */
    static final int Y = 56;
    static final int Y_STRIDE_BYTES = 64;
    /** Address of what is added, for token 0 and the first row: that of y or of other float32 numbers; 0 to start from zero. */
    static final int ADDEND = 72;
    static final int ADDEND_STRIDE_BYTES = 80;
    static final int ARGUMENT_BYTES = 88;

    private static final int TILE_TOKENS = 16;
    private static final int LINE_BYTES = 64;
    private static final int TILE_BYTES = 16 * LINE_BYTES;

    // On the stack, above rsp: the shapes of the tiles, then what the registers have no room for.
    private static final int SHAPES_BYTES = 64;
    private static final Mem CHUNK_X = at(RSP, SHAPES_BYTES);
    private static final Mem CHUNK_Y = at(RSP, SHAPES_BYTES + 8);
    private static final Mem TOKENS_LEFT = at(RSP, SHAPES_BYTES + 16);
    private static final Mem NEXT_X = at(RSP, SHAPES_BYTES + 24);
    private static final Mem CHUNK_ADDEND = at(RSP, SHAPES_BYTES + 32);
    private static final int FRAME_BYTES = SHAPES_BYTES + 40;

    private static final List<Gpr> SAVED = List.of(RBX, RBP, R12, R13, R14, R15);

    // For all of the call.
    private static final Gpr ARGUMENTS = RDI;
    private static final Gpr X_STRIDE = R8;
    private static final Gpr LINE = R9;
    private static final Gpr Y_STRIDE = R10;
    // Of a pair of panels.
    private static final Gpr PANEL = RBX;
    private static final Gpr PANELS_LEFT = R12;
    private static final Gpr SUMS = R11;
    // Of a step.
    private static final Gpr STEPS_LEFT = RSI;
    private static final Gpr[] TOKEN_TILES = {R13, R14};
    private static final Gpr[] PANEL_TILES = {R15, RBP};
    private static final Gpr[] NEXT_ROWS = {RCX, RAX};

    private final Assembler asm = new Assembler();

    private TileMatmulCode() {
    }

    static byte[] of() {
        return new TileMatmulCode().generate();
    }

    private byte[] generate() {
        enter();
        chunks();
        leave();
        return asm.toBytes();
    }

    private void enter() {
        SAVED.forEach(asm::push);
        asm.sub(RSP, FRAME_BYTES);
        asm.mov(X_STRIDE, argument(X_STRIDE_BYTES));
        asm.mov(Y_STRIDE, argument(Y_STRIDE_BYTES));
        asm.mov(LINE, LINE_BYTES);
        copy(CHUNK_X, argument(X));
        copy(CHUNK_Y, argument(Y));
        copy(CHUNK_ADDEND, argument(ADDEND));
        copy(TOKENS_LEFT, argument(TOKENS));
        beginShapes();
    }

    private void leave() {
        asm.tilerelease();
        asm.add(RSP, FRAME_BYTES);
        SAVED.reversed().forEach(asm::pop);
        asm.ret();
    }

    /** Palette 1, every tile 64 bytes wide. */
    private void beginShapes() {
        long[] shapes = {1, 0, 0x0040_0040_0040_0040L, 0x0040_0040_0040_0040L, 0, 0, 0, 0};
        for (int i = 0; i < shapes.length; i++) {
            asm.mov(RAX, shapes[i]);
            asm.mov(at(RSP, i * Long.BYTES), RAX);
        }
    }

    /** Chunks of up to 32 tokens: two tiles of tokens, or one. */
    private void chunks() {
        Label next = new Label();
        Label single = new Label();
        Label done = new Label();
        asm.mov(RCX, TOKENS_LEFT);
        asm.place(next);
        asm.cmp(RCX, TILE_TOKENS);
        asm.jump(Condition.BELOW_OR_EQUAL, single);
        shapePair();
        panels(2);
        nextChunk();
        asm.jump(Condition.GREATER, next);
        asm.jump(done);
        asm.place(single);
        asm.mov(RAX, RCX);
        shape();
        panels(1);
        asm.place(done);
    }

    /** The first tile of tokens is full, the second has what is left. */
    private void shapePair() {
        Label partial = new Label();
        asm.cmp(RCX, 2 * TILE_TOKENS);
        asm.jump(Condition.BELOW, partial);
        asm.mov(RCX, 2 * TILE_TOKENS);
        asm.place(partial);
        asm.sub(RCX, TILE_TOKENS);
        asm.mov(RAX, TILE_TOKENS);
        shape();
    }

    /** Tiles of the first tokens, 0, 1 and 4, get rax rows, tiles of the second, 2, 3 and 5, get rcx rows, tiles of weights 16. */
    private void shape() {
        asm.mov(RDX, 0x0000_0001_0000_0101L);
        asm.imul(RAX, RDX);
        asm.mov(RDX, 0x0000_0100_0101_0000L);
        asm.imul(RCX, RDX);
        asm.add(RAX, RCX);
        asm.mov(RDX, 0x1010_0000_0000_0000L);
        asm.add(RAX, RDX);
        asm.mov(at(RSP, 48), RAX);
        asm.ldtilecfg(at(RSP));
    }

    /** Leaves in rcx, and in the flags against 0, how many tokens are left. */
    private void nextChunk() {
        advance(CHUNK_X, X_STRIDE);
        advance(CHUNK_Y, Y_STRIDE);
        asm.mov(RCX, argument(ADDEND_STRIDE_BYTES));
        advance(CHUNK_ADDEND, RCX);
        asm.mov(RCX, TOKENS_LEFT);
        asm.sub(RCX, 2 * TILE_TOKENS);
        asm.mov(TOKENS_LEFT, RCX);
        asm.cmp(RCX, 0);
    }

    private void advance(Mem pointer, Gpr stride) {
        asm.imul(RAX, stride, 2 * TILE_TOKENS);
        asm.add(RAX, pointer);
        asm.mov(pointer, RAX);
    }

    /** A chunk by all panels, in pairs and maybe one. */
    private void panels(int tokenTiles) {
        Label pair = new Label();
        Label last = new Label();
        Label done = new Label();
        asm.imul(RAX, X_STRIDE, 2 * TILE_TOKENS);
        asm.add(RAX, CHUNK_X);
        asm.mov(NEXT_X, RAX);
        asm.mov(PANEL, argument(WEIGHTS));
        asm.mov(SUMS, CHUNK_Y);
        asm.mov(PANELS_LEFT, argument(PANELS));
        asm.sub(PANELS_LEFT, 2);
        asm.jump(Condition.BELOW, last);
        asm.place(pair);
        product(tokenTiles, 2);
        asm.add(SUMS, 2 * LINE_BYTES);
        asm.add(PANEL, argument(PANEL_STRIDE_BYTES));
        asm.add(PANEL, argument(PANEL_STRIDE_BYTES));
        asm.sub(PANELS_LEFT, 2);
        asm.jump(Condition.ABOVE_OR_EQUAL, pair);
        asm.place(last);
        asm.cmp(PANELS_LEFT, -1);
        asm.jump(Condition.NOT_EQUAL, done);
        product(tokenTiles, 1);
        asm.place(done);
    }

    /** One or two tiles of tokens by one or two panels, over all steps. */
    private void product(int tokenTiles, int panelTiles) {
        pointers();
        begin(tokenTiles, panelTiles);
        nextRows();
        asm.mov(STEPS_LEFT, argument(STEPS));
        Label step = new Label();
        asm.place(step);
        step(tokenTiles, panelTiles);
        for (int i = 0; i < 2; i++) {
            asm.add(TOKEN_TILES[i], LINE_BYTES);
            asm.add(PANEL_TILES[i], TILE_BYTES);
            asm.add(NEXT_ROWS[i], LINE_BYTES);
        }
        asm.sub(STEPS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, step);
        end(tokenTiles, panelTiles);
    }

    private void pointers() {
        asm.mov(TOKEN_TILES[0], CHUNK_X);
        lowerTile(TOKEN_TILES[1], TOKEN_TILES[0], X_STRIDE);
        asm.mov(PANEL_TILES[0], PANEL);
        asm.mov(PANEL_TILES[1], PANEL);
        asm.add(PANEL_TILES[1], argument(PANEL_STRIDE_BYTES));
    }

    /** Every product asks for four rows of the next chunk's x: eight pairs of panels have all of it come closer. */
    private void nextRows() {
        asm.mov(NEXT_ROWS[0], NEXT_X);
        asm.lea(NEXT_ROWS[1], at(NEXT_ROWS[0], X_STRIDE, 2, 0));
        asm.lea(STEPS_LEFT, at(NEXT_ROWS[0], X_STRIDE, 4, 0));
        asm.mov(NEXT_X, STEPS_LEFT);
    }

    /** Sums from the addend or from zero. */
    private void begin(int tokenTiles, int panelTiles) {
        Label zero = new Label();
        Label done = new Label();
        asm.mov(RAX, argument(ADDEND));
        asm.test(RAX, RAX);
        asm.jump(Condition.EQUAL, zero);
        asm.mov(RAX, SUMS);
        asm.sub(RAX, CHUNK_Y);
        asm.add(RAX, CHUNK_ADDEND);
        asm.mov(RCX, argument(ADDEND_STRIDE_BYTES));
        lowerTile(RDX, RAX, RCX);
        for (int i = 0; i < tokenTiles * panelTiles; i++) {
            asm.tileloadd(sum(i, panelTiles), tile(i, panelTiles, RAX, RDX, RCX));
        }
        asm.jump(done);
        asm.place(zero);
        for (int i = 0; i < tokenTiles * panelTiles; i++) {
            asm.tilezero(sum(i, panelTiles));
        }
        asm.place(done);
    }

    private void end(int tokenTiles, int panelTiles) {
        lowerTile(RDX, SUMS, Y_STRIDE);
        for (int i = 0; i < tokenTiles * panelTiles; i++) {
            asm.tilestored(tile(i, panelTiles, SUMS, RDX, Y_STRIDE), sum(i, panelTiles));
        }
    }

    /** Address of the second tile of tokens. */
    private void lowerTile(Gpr lower, Gpr upper, Gpr stride) {
        asm.mov(lower, stride);
        asm.shl(lower, 4);
        asm.add(lower, upper);
    }

    private void step(int tokenTiles, int panelTiles) {
        for (int token = 0; token < tokenTiles; token++) {
            asm.tileloadd(new Tmm(4 + token), at(TOKEN_TILES[token], X_STRIDE, 1, 0));
            for (int panel = 0; panel < panelTiles; panel++) {
                if (token == 0) {
                    asm.tileloaddt1(new Tmm(6 + panel), at(PANEL_TILES[panel], LINE, 1, 0));
                }
                asm.tdpbf16ps(new Tmm(2 * token + panel), new Tmm(4 + token), new Tmm(6 + panel));
            }
            asm.prefetcht1(at(NEXT_ROWS[token]));
            asm.prefetcht1(at(NEXT_ROWS[token], X_STRIDE, 1, 0));
        }
    }

    private static Tmm sum(int i, int panelTiles) {
        return new Tmm(2 * (i / panelTiles) + i % panelTiles);
    }

    private static Mem tile(int i, int panelTiles, Gpr upper, Gpr lower, Gpr stride) {
        return at(i < panelTiles ? upper : lower, stride, 1, i % panelTiles * LINE_BYTES);
    }

    private void copy(Mem target, Mem source) {
        asm.mov(RAX, source);
        asm.mov(target, RAX);
    }

    private static Mem argument(int offset) {
        return at(ARGUMENTS, offset);
    }
}
