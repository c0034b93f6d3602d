package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;
import java.util.stream.IntStream;

/**
 * Generates y = x · Wᵀ for packed weights in blocks and quantised activations: 16 rows of a panel times a tile of tokens. One token
 * streams the weights; several tokens keep a decoded block in registers and use it for each.
 *
 * <p>Argument block, 64 bits each: {@link #WEIGHTS} to {@link #POOL}. The kernel writes 16 numbers per panel and token. Activations
 * reach to the end of the last record.
 */
final class QuantMatmulCode {

    /** Address of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    /** Records in a panel. */
    static final int RECORDS = 24;
    /** Address of the first token's activations, see {@link ActivationLayout}. */
    static final int X = 32;
    /** Bytes from one token's activations to the next one's. */
    static final int X_STRIDE = 40;
    /** Tiles of tokens. */
    static final int TILES = 48;
    /** Address of the first token's result for the first row of the first panel, F32. */
    static final int Y = 56;
    static final int Y_STRIDE = 64;
    /** Address of {@link BlockRegisters#SCRATCH_BYTES} bytes, 64-byte aligned. */
    static final int SCRATCH = 72;
    /** Address of the {@link Pool}. */
    static final int POOL = 80;

    private static final Gpr[] SAVED = {RBX, RBP, R12, R13, R14, R15};
    private static final Gpr TILES_LEFT = RBX;
    private static final Gpr TILE_Y = RBP;
    private static final Gpr PANEL = R12;
    private static final Gpr PANELS_LEFT = R13;
    private static final Gpr TILE_X = R11;
    private static final Gpr PANEL_Y = RAX;
    private static final Gpr RECORDS_LEFT = RCX;
    /** Activations of tokens 0 and 4 at the current record. */
    private static final Gpr X0 = RDX;
    private static final Gpr X4 = R10;
    private static final Gpr STRIDE = R8;
    private static final Gpr STRIDE_3 = R9;

    /**
     * How far ahead of their use lines are asked for. Where one token streams the weights, first for the second-level cache, then
     * for the first: alone, neither reaches the memory roof. Where several tokens use each block, once.
     */
    private static final int STREAM_AHEAD_BYTES = 3072;
    private static final int NEXT_BYTES = 512;
    private static final int TILE_AHEAD_BYTES = 4608;

    private final Assembler asm = new Assembler();
    private final Isa isa;
    private final BlockDecoder decoder;
    private final int tokens;
    private final BlockRegisters registers;
    private final DotCode dot;
    private final Vec[] sums;
    private final Vec dotSum;
    private final Vec dotSum2;
    private final Vec factor;

    private QuantMatmulCode(Isa isa, BlockDecoder decoder, int tokens) {
        this.isa = isa;
        this.decoder = decoder;
        this.tokens = tokens;
        registers = new BlockRegisters(asm, isa);
        boolean wide = isa.isAvx512();
        int count = Math.max(tokens, halvesPerPass());
        int first = wide ? 16 : 8;
        sums = IntStream.range(first, first + count).mapToObj(isa::vec).toArray(Vec[]::new);
        dotSum = wide ? isa.vec(10) : isa.vec(12);
        dotSum2 = wide ? isa.vec(11) : isa.vec(11);
        factor = wide ? isa.vec(12) : isa.vec(13);
        dot = new DotCode(registers, isa.vec(13), isa.vec(10), decoder.largest());
    }

    /** The tokens of a tile that there is code for, the most first. */
    static int[] tileTokens(Isa isa) {
        return isa.isAvx512() ? new int[] {8, 4, 2, 1} : new int[] {2, 1};
    }

    /** @param tokens of a tile, one of {@link #tileTokens} */
    static byte[] of(Isa isa, BlockDecoder decoder, int tokens) {
        return new QuantMatmulCode(isa, decoder, tokens).generate();
    }

    /** Half panels whose sums a pass over the records holds: one token takes both halves, so that memory sees each line once. */
    private int halvesPerPass() {
        return isa.isAvx512() || tokens > 1 ? 1 : 2;
    }

    private int passes() {
        return isa.isAvx512() || tokens == 1 ? 1 : 2;
    }

    private byte[] generate() {
        for (Gpr register : SAVED) {
            asm.push(register);
        }
        asm.mov(PANEL, Mem.at(RDI, WEIGHTS));
        asm.mov(PANELS_LEFT, Mem.at(RDI, PANELS));
        asm.mov(PANEL_Y, Mem.at(RDI, Y));
        asm.mov(STRIDE, Mem.at(RDI, X_STRIDE));
        asm.lea(STRIDE_3, Mem.at(STRIDE, STRIDE, 2, 0));
        asm.mov(BlockRegisters.SCRATCH, Mem.at(RDI, SCRATCH));
        asm.mov(BlockRegisters.POOL, Mem.at(RDI, POOL));
        Label nextPanel = new Label();
        asm.place(nextPanel);
        panel();
        asm.add(PANEL, Mem.at(RDI, PANEL_BYTES));
        asm.add(PANEL_Y, 64);
        asm.sub(PANELS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextPanel);
        asm.vzeroupper();
        for (int i = SAVED.length - 1; i >= 0; i--) {
            asm.pop(SAVED[i]);
        }
        asm.ret();
        return asm.toBytes();
    }

    private void panel() {
        asm.mov(TILES_LEFT, Mem.at(RDI, TILES));
        asm.mov(TILE_X, Mem.at(RDI, X));
        asm.mov(TILE_Y, PANEL_Y);
        Label nextTile = new Label();
        asm.place(nextTile);
        for (int pass = 0; pass < passes(); pass++) {
            tile(pass);
        }
        advance(TILE_X, Mem.at(RDI, X_STRIDE));
        advance(TILE_Y, Mem.at(RDI, Y_STRIDE));
        asm.sub(TILES_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextTile);
    }

    private void advance(Gpr pointer, Mem stride) {
        asm.mov(RECORDS_LEFT, stride);
        asm.imul(RECORDS_LEFT, RECORDS_LEFT, tokens);
        asm.add(pointer, RECORDS_LEFT);
    }

    private void tile(int firstHalf) {
        asm.mov(BlockRegisters.RECORD, PANEL);
        asm.mov(X0, TILE_X);
        if (tokens > 4) {
            asm.lea(X4, Mem.at(X0, STRIDE, 4, 0));
        }
        asm.mov(RECORDS_LEFT, Mem.at(RDI, RECORDS));
        for (Vec sum : sums) {
            asm.vpxor(sum, sum, sum);
        }
        Label nextRecord = new Label();
        asm.place(nextRecord);
        record(firstHalf);
        asm.sub(RECORDS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextRecord);
        store(firstHalf);
    }

    private void record(int firstHalf) {
        for (int i = 0; i < halvesPerPass(); i++) {
            registers.half = firstHalf + i;
            decoder.beginRecord(registers);
            for (int block = 0; block < decoder.blocks(); block++) {
                if (i == 0) {
                    prefetch(block);
                }
                decoder.decode(registers, block);
                for (int token = 0; token < tokens; token++) {
                    addBlock(sums[Math.max(i, token)], activations(token, block));
                }
            }
        }
        asm.add(BlockRegisters.RECORD, decoder.recordBytes());
        int bytes = decoder.blocks() * ActivationLayout.RECORD_BYTES;
        asm.add(X0, bytes);
        if (tokens > 4) {
            asm.add(X4, bytes);
        }
    }

    /** Asks for a block's share of a later record: all lines at once would wait for each other. */
    private void prefetch(int block) {
        int lines = decoder.recordBytes() / 64;
        for (int line = block * lines / decoder.blocks(); line < (block + 1) * lines / decoder.blocks(); line++) {
            if (tokens == 1) {
                asm.prefetcht1(Mem.at(BlockRegisters.RECORD, STREAM_AHEAD_BYTES + 64 * line));
                asm.prefetcht0(Mem.at(BlockRegisters.RECORD, NEXT_BYTES + 64 * line));
            } else {
                asm.prefetcht0(Mem.at(BlockRegisters.RECORD, TILE_AHEAD_BYTES + 64 * line));
            }
        }
    }

    private Mem activations(int token, int block) {
        Gpr base = token < 4 ? X0 : X4;
        int offset = block * ActivationLayout.RECORD_BYTES;
        return switch (token % 4) {
            case 0 -> Mem.at(base, offset);
            case 1 -> Mem.at(base, STRIDE, 1, offset);
            case 2 -> Mem.at(base, STRIDE, 2, offset);
            default -> Mem.at(base, STRIDE_3, 1, offset);
        };
    }

    /** sum += scale · d · (q · x - zeroPoint · Σx) - minimum · d · Σx over the block. */
    private void addBlock(Vec sum, Mem x) {
        if (decoder.hasTwoScales()) {
            addTwoScales(sum, x);
            return;
        }
        startDot(dotSum, x, ActivationLayout.FIRST_OFFSET_SUM, decoder.zeroPoint() != 0);
        dot.add(dotSum, 0, 8, x);
        asm.vcvtdq2ps(dotSum, dotSum);
        if (decoder.hasMinimum()) {
            asm.vfnmadd231ps(sum, registers.second, toAll(x.plus(ActivationLayout.SUM)));
        }
        asm.vmulps(factor, registers.scale, toAll(x.plus(ActivationLayout.SCALE)));
        asm.vfmadd231ps(sum, dotSum, factor);
    }

    private void addTwoScales(Vec sum, Mem x) {
        startDot(dotSum, x, ActivationLayout.FIRST_OFFSET_SUM, true);
        dot.add(dotSum, 0, 4, x);
        startDot(dotSum2, x, ActivationLayout.SECOND_OFFSET_SUM, true);
        dot.add(dotSum2, 4, 8, x);
        asm.vcvtdq2ps(dotSum, dotSum);
        asm.vcvtdq2ps(dotSum2, dotSum2);
        asm.vmulps(dotSum, dotSum, registers.scale);
        asm.vfmadd231ps(dotSum, dotSum2, registers.second);
        asm.vfmadd231ps(sum, dotSum, toAll(x.plus(ActivationLayout.SCALE)));
    }

    private void startDot(Vec target, Mem x, int offsetSum, boolean hasOffset) {
        if (hasOffset) {
            asm.vpbroadcastd(target, x.plus(offsetSum));
        } else {
            asm.vpxor(target, target, target);
        }
    }

    /** A number for every lane: as it lies in memory where an instruction can spread it, else spread in {@link #factor}. */
    private VecOrMem toAll(Mem number) {
        if (isa.isAvx512()) {
            return number.toAll();
        }
        asm.vbroadcastss(factor, number);
        return factor;
    }

    private void store(int firstHalf) {
        Gpr stride = RCX;
        asm.mov(RDX, TILE_Y);
        asm.mov(stride, Mem.at(RDI, Y_STRIDE));
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < halvesPerPass(); i++) {
                asm.vmovups(Mem.at(RDX, 32 * (firstHalf + i)), sums[Math.max(i, token)]);
            }
            asm.add(RDX, stride);
        }
    }
}
