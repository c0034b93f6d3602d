package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Tmm;
import dev.ondine.kernels.x86.Vec;
import java.util.stream.IntStream;

/**
 * Generates y (+)= x · Wᵀ for 16 tokens at a time with the matrix tiles of AMX, from {@linkplain UnpackCode unpacked} weights and
 * {@linkplain ArrangeCode arranged} activations. Tiles add up the products of bytes; what follows is done by vectors in the order of
 * {@link QuantMatmulCode}, so that both give the same bits.
 *
 * <p>Argument block, 64 bits each: {@link #WEIGHTS} to {@link #CONFIGURATION}. Loops: tokens, panels, blocks. Weights and activations
 * are read up to {@value #BLOCKS_AHEAD} blocks beyond the last, without effect.
 */
final class TileQuantMatmulCode {

    /** Tokens of a tile. */
    static final int TOKENS = 16;

    /** Address of the first unpacked block of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    /** Blocks that are added, an even number. */
    static final int BLOCKS = 24;
    /** Address of the first block of the first 16 tokens. */
    static final int X = 32;
    /** From the blocks of 16 tokens to those of the next 16. */
    static final int X_TILE_BYTES = 40;
    /** Times 16 tokens. */
    static final int TILES = 48;
    /** Address of the first token's result for the first row. */
    static final int Y = 56;
    static final int Y_STRIDE = 64;
    /** 0 to start from zero, else what y holds is added to. */
    static final int ACCUMULATE = 72;
    /** Address of {@link #BUFFER_BYTES} bytes of scratch, 64-byte aligned. */
    static final int BUFFER = 80;
    /** Address of the 64 bytes of {@link #configuration}. */
    static final int CONFIGURATION = 88;

    static final int BLOCKS_AHEAD = 3;

    private static final int MOST_PARTS = 2;
    private static final int TILE_BYTES = TOKENS * 64;
    /** The sums of two blocks. */
    static final int BUFFER_BYTES = 2 * MOST_PARTS * TILE_BYTES;

    private static final Gpr[] SAVED = {RBX, RBP, R12, R13, R14};
    private static final Gpr TILE_X = RBX;
    private static final Gpr TILES_LEFT = RBP;
    private static final Gpr PANEL = R12;
    private static final Gpr PANELS_LEFT = R13;
    private static final Gpr BUFFERS = R14;
    private static final Gpr X_BLOCK = R8;
    private static final Gpr BLOCK = RSI;
    private static final Gpr BLOCKS_LEFT = R9;
    /** Bytes of a line of weights and of a row of activations. */
    private static final Gpr LINE = R10;
    private static final Gpr X_LINE = R11;

    private final Assembler asm = new Assembler();
    private final BlockDecoder decoder;
    /** Products of 32 or 16 columns that a block needs. */
    private final int parts;
    /** Blocks whose products are under way when one is stored: there are four tiles for sums. */
    private final int ahead;
    private final Vec[] sums = IntStream.range(0, TOKENS).mapToObj(token -> Vec.zmm(16 + token)).toArray(Vec[]::new);
    private final Vec scale = Vec.zmm(0);
    private final Vec second = Vec.zmm(1);

    private TileQuantMatmulCode(BlockDecoder decoder) {
        this.decoder = decoder;
        this.parts = decoder.hasTwoScales() ? 2 : 1;
        this.ahead = decoder.hasTwoScales() ? 1 : 2;
    }

    static byte[] of(BlockDecoder decoder) {
        return new TileQuantMatmulCode(decoder).generate();
    }

    /** Shapes of the tiles: 0 to 3 sums, 4 and 5 activations, 6 and 7 weights. */
    static byte[] configuration(BlockDecoder decoder) {
        byte[] configuration = new byte[64];
        int columns = decoder.hasTwoScales() ? 16 : 32;
        configuration[0] = 1;
        for (int tile = 0; tile < 8; tile++) {
            configuration[16 + 2 * tile] = (byte) (tile == 4 || tile == 5 ? columns : 64);
            configuration[48 + tile] = (byte) (tile >= 6 ? columns / 4 : TOKENS);
        }
        return configuration;
    }

    private byte[] generate() {
        for (Gpr register : SAVED) {
            asm.push(register);
        }
        asm.mov(RAX, Mem.at(RDI, CONFIGURATION));
        asm.ldtilecfg(Mem.at(RAX));
        asm.mov(BUFFERS, Mem.at(RDI, BUFFER));
        asm.mov(LINE, 64);
        asm.mov(X_LINE, ActivationLayout.RECORD_COLUMNS);
        asm.mov(TILE_X, Mem.at(RDI, X));
        asm.mov(TILES_LEFT, Mem.at(RDI, TILES));
        Label nextTile = new Label();
        asm.place(nextTile);
        panels();
        asm.add(TILE_X, Mem.at(RDI, X_TILE_BYTES));
        asm.sub(TILES_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextTile);
        asm.tilerelease();
        asm.vzeroupper();
        for (int i = SAVED.length - 1; i >= 0; i--) {
            asm.pop(SAVED[i]);
        }
        asm.ret();
        return asm.toBytes();
    }

    private void panels() {
        asm.mov(PANEL, Mem.at(RDI, WEIGHTS));
        asm.mov(PANELS_LEFT, Mem.at(RDI, PANELS));
        Label nextPanel = new Label();
        asm.place(nextPanel);
        loadSums();
        asm.mov(BLOCK, PANEL);
        asm.mov(X_BLOCK, TILE_X);
        asm.mov(BLOCKS_LEFT, Mem.at(RDI, BLOCKS));
        blocks();
        storeSums();
        asm.add(PANEL, Mem.at(RDI, PANEL_BYTES));
        asm.sub(PANELS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextPanel);
    }

    /**
     * A product takes several times as long as one may begin: while vectors add one block, the tiles of the next are stored and those
     * of blocks after it are worked on.
     */
    private void blocks() {
        for (int block = 0; block < ahead; block++) {
            product(block, block);
        }
        store(0);
        product(ahead, ahead);
        Label next = new Label();
        Label done = new Label();
        asm.place(next);
        twoBlocks(0);
        asm.jump(Condition.EQUAL, done);
        twoBlocks(2);
        asm.jump(Condition.NOT_EQUAL, next);
        asm.place(done);
    }

    /** @param turn of the four tiles for sums: the number of the first block, modulo 4 */
    private void twoBlocks(int turn) {
        for (int block = 0; block < 2; block++) {
            store(turn + block + 1);
            beginBlock(block);
            addTokens(turn + block, block, 0, TOKENS / 2);
            product(turn + block + 1 + ahead, block + 1 + ahead);
            addTokens(turn + block, block, TOKENS / 2, TOKENS);
        }
        asm.add(BLOCK, 2 * UnpackCode.BLOCK_BYTES);
        asm.add(X_BLOCK, 2 * ArrangeCode.BLOCK_BYTES);
        asm.sub(BLOCKS_LEFT, 2);
    }

    /**
     * Starts the products of all tokens with all rows.
     *
     * @param number of the block; its tiles follow from it
     * @param place  of the block, counted from the current one
     */
    private void product(int number, int place) {
        for (int part = 0; part < parts; part++) {
            Tmm sum = sum(number, part);
            Tmm x = new Tmm(4 + (number * parts + part) % 2);
            Tmm weights = new Tmm(6 + (number * parts + part) % 2);
            asm.tilezero(sum);
            asm.tileloadd(x, Mem.at(X_BLOCK, X_LINE, 1, place * ArrangeCode.BLOCK_BYTES + part * 16));
            asm.tileloadd(weights, Mem.at(BLOCK, LINE, 1, place * UnpackCode.BLOCK_BYTES + part * 256));
            asm.tdpbssd(sum, x, weights);
        }
    }

    private Tmm sum(int number, int part) {
        return new Tmm((number * parts + part) % 4);
    }

    private void store(int number) {
        for (int part = 0; part < parts; part++) {
            asm.tilestored(Mem.at(BUFFERS, LINE, 1, buffer(number, part)), sum(number, part));
        }
    }

    private static int buffer(int number, int part) {
        return (number % 2 * MOST_PARTS + part) * TILE_BYTES;
    }

    private void beginBlock(int place) {
        asm.vmovups(scale, Mem.at(BLOCK, place * UnpackCode.BLOCK_BYTES + UnpackCode.SCALES_OFFSET));
        if (decoder.hasMinimum() || decoder.hasTwoScales()) {
            asm.vmovups(second, Mem.at(BLOCK, place * UnpackCode.BLOCK_BYTES + UnpackCode.SECOND_OFFSET));
        }
    }

    private void addTokens(int number, int place, int from, int to) {
        for (int token = from; token < to; token++) {
            Mem x = Mem.at(X_BLOCK, place * ArrangeCode.BLOCK_BYTES + token * Float.BYTES);
            addToken(token, number, x.plus(ArrangeCode.SCALES_OFFSET).toAll(), x.plus(ArrangeCode.SUMS_OFFSET).toAll());
        }
    }

    private void addToken(int token, int number, Mem xScale, Mem xSum) {
        Vec product = Vec.zmm(2 + token % 4);
        Vec factor = Vec.zmm(6 + token % 4);
        asm.vcvtdq2ps(product, Mem.at(BUFFERS, buffer(number, 0) + token * 64));
        if (decoder.hasTwoScales()) {
            asm.vcvtdq2ps(factor, Mem.at(BUFFERS, buffer(number, 1) + token * 64));
            asm.vmulps(product, product, scale);
            asm.vfmadd231ps(product, factor, second);
            asm.vfmadd231ps(sums[token], product, xScale);
            return;
        }
        if (decoder.hasMinimum()) {
            asm.vfnmadd231ps(sums[token], second, xSum);
        }
        asm.vmulps(factor, scale, xScale);
        asm.vfmadd231ps(sums[token], product, factor);
    }

    /** rdx = address of the tile's results, rcx = bytes between tokens: Y + (tiles done · 16) · stride + panels done · 64. */
    private void resultAddress() {
        asm.mov(RDX, Mem.at(RDI, TILES));
        asm.sub(RDX, TILES_LEFT);
        asm.shl(RDX, 4);
        asm.mov(RCX, Mem.at(RDI, Y_STRIDE));
        asm.imul(RDX, RCX);
        asm.add(RDX, Mem.at(RDI, Y));
        asm.mov(RSI, Mem.at(RDI, PANELS));
        asm.sub(RSI, PANELS_LEFT);
        asm.shl(RSI, 6);
        asm.add(RDX, RSI);
    }

    private void loadSums() {
        Label fromZero = new Label();
        Label done = new Label();
        asm.mov(RCX, Mem.at(RDI, ACCUMULATE));
        asm.test(RCX, RCX);
        asm.jump(Condition.EQUAL, fromZero);
        resultAddress();
        for (Vec sum : sums) {
            asm.vmovups(sum, Mem.at(RDX));
            asm.add(RDX, RCX);
        }
        asm.jump(done);
        asm.place(fromZero);
        for (Vec sum : sums) {
            asm.vpxor(sum, sum, sum);
        }
        asm.place(done);
    }

    private void storeSums() {
        resultAddress();
        for (Vec sum : sums) {
            asm.vmovups(Mem.at(RDX), sum);
            asm.add(RDX, RCX);
        }
    }
}
