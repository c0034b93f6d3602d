package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Generates the arranging of quantised activations for matrix tiles: records of {@link ActivationLayout}, row after row, become
 * blocks of {@value #BLOCK_BYTES} bytes for 16 rows at a time, [16 rows, 32 columns] of bytes, then 16 scales, then 16 sums.
 *
 * <p>Argument block, 64 bits each: {@link #X} to {@link #BLOCKS}.
 */
final class ArrangeCode {

    /** Address of the first row. */
    static final int X = 0;
    static final int X_STRIDE = 8;
    /** Address of the first block of the first 16 rows. */
    static final int TARGET = 16;
    /** From the blocks of 16 rows to those of the next 16. */
    static final int TARGET_TILE_BYTES = 24;
    /** Times 16 rows. */
    static final int TILES = 32;
    /** Blocks of 32 columns. */
    static final int BLOCKS = 40;

    static final int BLOCK_BYTES = 640;
    static final int SCALES_OFFSET = 512;
    static final int SUMS_OFFSET = 576;

    private static final Gpr ROWS = RSI;
    private static final Gpr STRIDE = RDX;
    private static final Gpr TILE = R8;
    private static final Gpr TILES_LEFT = R9;
    private static final Gpr BLOCKS_LEFT = R10;
    private static final Gpr ROW = RAX;
    private static final Gpr OUT = R11;
    private static final Gpr NUMBER = RCX;

    private final Assembler asm = new Assembler();

    private ArrangeCode() {
    }

    static byte[] of() {
        return new ArrangeCode().generate();
    }

    private byte[] generate() {
        asm.mov(ROWS, Mem.at(RDI, X));
        asm.mov(STRIDE, Mem.at(RDI, X_STRIDE));
        asm.mov(TILE, Mem.at(RDI, TARGET));
        asm.mov(TILES_LEFT, Mem.at(RDI, TILES));
        Label nextTile = new Label();
        asm.place(nextTile);
        tile();
        asm.add(TILE, Mem.at(RDI, TARGET_TILE_BYTES));
        asm.mov(NUMBER, STRIDE);
        asm.shl(NUMBER, 4);
        asm.add(ROWS, NUMBER);
        asm.sub(TILES_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextTile);
        asm.vzeroupper();
        asm.ret();
        return asm.toBytes();
    }

    /** Row by row, so that what is read lies together. */
    private void tile() {
        asm.mov(ROW, ROWS);
        for (int row = 0; row < TileQuantMatmulCode.TOKENS; row++) {
            asm.mov(OUT, TILE);
            asm.mov(BLOCKS_LEFT, Mem.at(RDI, BLOCKS));
            asm.push(ROW);
            Label nextBlock = new Label();
            asm.place(nextBlock);
            block(row);
            asm.add(ROW, ActivationLayout.RECORD_BYTES);
            asm.add(OUT, BLOCK_BYTES);
            asm.sub(BLOCKS_LEFT, 1);
            asm.jump(Condition.NOT_EQUAL, nextBlock);
            asm.pop(ROW);
            asm.add(ROW, STRIDE);
        }
    }

    private void block(int row) {
        Vec numbers = Vec.ymm(0);
        asm.vmovups(numbers, Mem.at(ROW));
        asm.vmovups(Mem.at(OUT, row * ActivationLayout.RECORD_COLUMNS), numbers);
        asm.mov32(NUMBER, Mem.at(ROW, ActivationLayout.SCALE));
        asm.mov32(Mem.at(OUT, SCALES_OFFSET + row * Float.BYTES), NUMBER);
        asm.mov32(NUMBER, Mem.at(ROW, ActivationLayout.SUM));
        asm.mov32(Mem.at(OUT, SUMS_OFFSET + row * Float.BYTES), NUMBER);
    }
}
