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
 * quantised activations. Tiles add up the products of bytes; what follows is done by vectors in the order of
 * {@link QuantMatmulCode}, so that both give the same bits.
 *
 * <p>Argument block, 64 bits each: {@link #WEIGHTS} to {@link #CONFIGURATION}. Loops: tokens, panels, blocks.
 */
final class TileQuantMatmulCode {

    /** Tokens of a tile. */
    static final int TOKENS = 16;

    /** Address of the first unpacked block of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    /** Groups of {@link #GROUP_BLOCKS} blocks that are added. */
    static final int GROUPS = 24;
    /** Address of the first token's activations at the first block. */
    static final int X = 32;
    static final int X_STRIDE = 40;
    /** Tiles of tokens. */
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

    /** Blocks whose tiles are under way at once. */
    static final int GROUP_BLOCKS = 2;
    static final int BUFFER_BYTES = 2 * GROUP_BLOCKS * TOKENS * 64;

    private static final Gpr[] SAVED = {RBX, RBP, R12, R13, R14, R15};
    private static final Gpr TILE_X = RBX;
    private static final Gpr TILES_LEFT = RBP;
    private static final Gpr PANEL = R12;
    private static final Gpr PANELS_LEFT = R13;
    private static final Gpr BUFFERS = R14;
    private static final Gpr STRIDE = R8;
    private static final Gpr STRIDE_3 = R9;
    /** Activations of tokens 0, 4, 8 and 12 at the current block. */
    private static final Gpr[] X_BASE = {RDX, R10, R11, R15};
    private static final Gpr BLOCK = RSI;
    private static final Gpr GROUPS_LEFT = RCX;
    private static final Gpr LINE = RAX;

    private final Assembler asm = new Assembler();
    private final BlockDecoder decoder;
    /** Products of 32 or 16 columns that a block needs. */
    private final int parts;
    private final Vec[] sums = IntStream.range(0, TOKENS).mapToObj(token -> Vec.zmm(16 + token)).toArray(Vec[]::new);
    private final Vec scale = Vec.zmm(0);
    private final Vec second = Vec.zmm(1);

    private TileQuantMatmulCode(BlockDecoder decoder) {
        this.decoder = decoder;
        this.parts = decoder.hasTwoScales() ? 2 : 1;
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
        asm.mov(STRIDE, Mem.at(RDI, X_STRIDE));
        asm.lea(STRIDE_3, Mem.at(STRIDE, STRIDE, 2, 0));
        asm.mov(BUFFERS, Mem.at(RDI, BUFFER));
        asm.mov(LINE, 64);
        asm.mov(TILE_X, Mem.at(RDI, X));
        asm.mov(TILES_LEFT, Mem.at(RDI, TILES));
        Label nextTile = new Label();
        asm.place(nextTile);
        panels();
        asm.mov(RCX, STRIDE);
        asm.shl(RCX, 4);
        asm.add(TILE_X, RCX);
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
        asm.mov(X_BASE[0], TILE_X);
        for (int i = 1; i < X_BASE.length; i++) {
            asm.lea(X_BASE[i], Mem.at(X_BASE[i - 1], STRIDE, 4, 0));
        }
        asm.mov(GROUPS_LEFT, Mem.at(RDI, GROUPS));
        Label nextGroup = new Label();
        asm.place(nextGroup);
        group();
        asm.sub(GROUPS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextGroup);
        storeSums();
        asm.add(PANEL, Mem.at(RDI, PANEL_BYTES));
        asm.sub(PANELS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextPanel);
    }

    private void group() {
        for (int i = 0; i < GROUP_BLOCKS * parts; i++) {
            product(i);
        }
        for (int block = 0; block < GROUP_BLOCKS; block++) {
            addBlock(block);
        }
        asm.add(BLOCK, GROUP_BLOCKS * UnpackCode.BLOCK_BYTES);
        for (Gpr base : X_BASE) {
            asm.add(base, GROUP_BLOCKS * ActivationLayout.RECORD_BYTES);
        }
    }

    /** Sums of products of all tokens with all rows, to buffer i. */
    private void product(int i) {
        int block = i / parts;
        int part = i % parts;
        Tmm sum = new Tmm(i % 4);
        Tmm x = new Tmm(4 + i % 2);
        Tmm weights = new Tmm(6 + i % 2);
        asm.tilezero(sum);
        asm.tileloadd(x, Mem.at(X_BASE[0], STRIDE, 1, block * ActivationLayout.RECORD_BYTES + part * 16));
        asm.tileloadd(weights, Mem.at(BLOCK, LINE, 1, block * UnpackCode.BLOCK_BYTES + part * 256));
        asm.tdpbssd(sum, x, weights);
        asm.tilestored(Mem.at(BUFFERS, LINE, 1, i * TOKENS * 64), sum);
    }

    private void addBlock(int block) {
        asm.vmovups(scale, Mem.at(BLOCK, block * UnpackCode.BLOCK_BYTES + UnpackCode.SCALES_OFFSET));
        if (decoder.hasMinimum() || decoder.hasTwoScales()) {
            asm.vmovups(second, Mem.at(BLOCK, block * UnpackCode.BLOCK_BYTES + UnpackCode.SECOND_OFFSET));
        }
        for (int token = 0; token < TOKENS; token++) {
            addToken(token, activations(token, block * ActivationLayout.RECORD_BYTES),
                    Mem.at(BUFFERS, block * parts * TOKENS * 64 + token * 64));
        }
    }

    private void addToken(int token, Mem x, Mem products) {
        Vec product = Vec.zmm(2 + token % 4);
        Vec factor = Vec.zmm(6 + token % 4);
        asm.vcvtdq2ps(product, products);
        if (decoder.hasTwoScales()) {
            asm.vcvtdq2ps(factor, products.plus(TOKENS * 64));
            asm.vmulps(product, product, scale);
            asm.vfmadd231ps(product, factor, second);
            asm.vfmadd231ps(sums[token], product, x.plus(ActivationLayout.SCALE).toAll());
            return;
        }
        if (decoder.hasMinimum()) {
            asm.vfnmadd231ps(sums[token], second, x.plus(ActivationLayout.SUM).toAll());
        }
        asm.vmulps(factor, scale, x.plus(ActivationLayout.SCALE).toAll());
        asm.vfmadd231ps(sums[token], product, factor);
    }

    private Mem activations(int token, int offset) {
        Gpr base = X_BASE[token / 4];
        return switch (token % 4) {
            case 0 -> Mem.at(base, offset);
            case 1 -> Mem.at(base, STRIDE, 1, offset);
            case 2 -> Mem.at(base, STRIDE, 2, offset);
            default -> Mem.at(base, STRIDE_3, 1, offset);
        };
    }

    /** rdx = address of the tile's results: Y + (tiles done · 16) · stride + panels done · 64. */
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
