package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Tmm;
import dev.ondine.kernels.x86.Vec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Generates a loop of one multiplying instruction, whose sums are so many that none waits for itself.
 *
 * <p>Argument block, {@link #BLOCK_BYTES}: {@link #PASSES} as a long; the shapes of the tiles; a tile of factors.
 */
final class ComputeRoofCode {

    static final int PASSES = 0;
    private static final int SHAPES = 64;
    private static final int FACTORS = 128;
    private static final int TILE_BYTES = 16 * 64;
    private static final int BLOCK_BYTES = FACTORS + TILE_BYTES;

    /** 1 as a bfloat16 in both halves, nearly 1 as a float, 63 and -128 as bytes: no factor that is cheaper than others. */
    private static final int FACTOR = 0x3F803F80;
    private static final int SUM_TILES = 6;

    private final Assembler asm = new Assembler();
    private final ComputeRoof roof;
    /** The last two registers hold the factors. */
    private final Vec factors;
    private final Vec others;

    private ComputeRoofCode(ComputeRoof roof) {
        this.roof = roof;
        int registers = roof.vectorBytes == 64 ? 32 : 16;
        factors = vec(registers - 2);
        others = vec(registers - 1);
    }

    static byte[] of(ComputeRoof roof) {
        return new ComputeRoofCode(roof).generate();
    }

    /** Instructions in one pass of the loop. */
    static int steps(ComputeRoof roof) {
        return isTiled(roof) ? SUM_TILES : roof.vectorBytes == 64 ? 24 : 12;
    }

    private static boolean isTiled(ComputeRoof roof) {
        return roof == ComputeRoof.AMX_INT8 || roof == ComputeRoof.AMX_BFLOAT16;
    }

    /** An argument block for all of them. */
    static MemorySegment newBlock(Arena arena) {
        MemorySegment block = arena.allocate(BLOCK_BYTES, 64);
        block.set(ValueLayout.JAVA_BYTE, SHAPES, (byte) 1);
        for (int tile = 0; tile < 8; tile++) {
            block.set(ValueLayout.JAVA_SHORT, SHAPES + 16 + 2 * tile, (short) 64);
            block.set(ValueLayout.JAVA_BYTE, SHAPES + 48 + tile, (byte) 16);
        }
        for (int at = FACTORS; at < BLOCK_BYTES; at += Integer.BYTES) {
            block.set(ValueLayout.JAVA_INT, at, FACTOR);
        }
        return block;
    }

    private byte[] generate() {
        asm.mov(RSI, Mem.at(RDI, PASSES));
        clearVectors();
        if (isTiled(roof)) {
            loadTiles();
        }
        Label pass = new Label();
        asm.place(pass);
        for (int step = 0; step < steps(roof); step++) {
            step(step);
        }
        asm.sub(RSI, 1);
        asm.jump(Condition.NOT_EQUAL, pass);
        if (isTiled(roof)) {
            asm.tilerelease();
        }
        asm.vzeroupper();
        asm.ret();
        return asm.toBytes();
    }

    private void clearVectors() {
        asm.mov(RAX, FACTOR);
        asm.vmovd(Vec.xmm(0), RAX);
        asm.vpbroadcastd(factors, Vec.xmm(0));
        asm.vpbroadcastd(others, Vec.xmm(0));
        for (int i = 0; i < factors.index(); i++) {
            asm.vpxor(vec(i), vec(i), vec(i));
        }
    }

    private void loadTiles() {
        asm.ldtilecfg(Mem.at(RDI, SHAPES));
        asm.mov(RAX, 64);
        for (int tile = 0; tile < 8; tile++) {
            if (tile < SUM_TILES) {
                asm.tilezero(new Tmm(tile));
            } else {
                asm.tileloadd(new Tmm(tile), Mem.at(RDI, RAX, 1, FACTORS));
            }
        }
    }

    private void step(int step) {
        switch (roof) {
            case AVX2_INT8 -> {
                Vec product = vec(6 + step % 6);
                asm.vpmaddubsw(product, factors, others);
                asm.vpmaddwd(product, product, others);
                asm.vpaddd(vec(step % 6), vec(step % 6), product);
            }
            case AVX_VNNI_INT8, AVX512_INT8 -> asm.vpdpbusd(vec(step), factors, others);
            case AVX2_FLOAT32, AVX512_FLOAT32 -> asm.vfmadd231ps(vec(step), factors, others);
            case AVX512_BFLOAT16 -> asm.vdpbf16ps(vec(step), factors, others);
            case AMX_INT8 -> asm.tdpbssd(new Tmm(step), new Tmm(SUM_TILES), new Tmm(SUM_TILES + 1));
            case AMX_BFLOAT16 -> asm.tdpbf16ps(new Tmm(step), new Tmm(SUM_TILES), new Tmm(SUM_TILES + 1));
        }
    }

    private Vec vec(int index) {
        return new Vec(index, roof.vectorBytes, 0, false);
    }
}
