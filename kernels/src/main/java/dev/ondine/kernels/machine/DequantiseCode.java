package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Generates the decoding of packed weights in blocks to panels in BF16, [column / 2, 16 rows, 2 columns], which matrix tiles
 * multiply. Needs {@link Isa#AMX}.
 *
 * <p>Argument block, 64 bits each: {@link #WEIGHTS} to {@link #POOL}.
 */
final class DequantiseCode {

    /** Address of the first record of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    /** Records of each panel that are decoded. */
    static final int RECORDS = 24;
    /** Address of the first panel in BF16. */
    static final int TARGET = 32;
    static final int TARGET_PANEL_BYTES = 40;
    /** Address of {@link BlockRegisters#SCRATCH_BYTES} bytes, 64-byte aligned. */
    static final int SCRATCH = 48;
    /** Address of the {@link Pool}. */
    static final int POOL = 56;

    /** Of one block of 32 columns in BF16. */
    private static final int BLOCK_BYTES = 16 * 64;
    private static final Gpr PANEL = R8;
    private static final Gpr PANELS_LEFT = R9;
    private static final Gpr TARGET_PANEL = R10;
    private static final Gpr RECORDS_LEFT = RCX;
    private static final Gpr OUT = RDX;

    private final Assembler asm = new Assembler();
    private final BlockDecoder decoder;
    private final BlockRegisters registers = new BlockRegisters(asm, Isa.AMX);
    private final Vec zeroPoint = Vec.zmm(30);
    private final Vec pairs = Vec.zmm(29);
    private final Vec lowByte = Vec.zmm(28);
    /** What is added to scale · q, for the first and the last 16 columns. */
    private final Vec[] offsets = {Vec.zmm(12), Vec.zmm(13)};

    private DequantiseCode(BlockDecoder decoder) {
        this.decoder = decoder;
    }

    static byte[] of(BlockDecoder decoder) {
        return new DequantiseCode(decoder).generate();
    }

    private byte[] generate() {
        asm.push(R14);
        asm.push(R15);
        asm.mov(PANEL, Mem.at(RDI, WEIGHTS));
        asm.mov(PANELS_LEFT, Mem.at(RDI, PANELS));
        asm.mov(TARGET_PANEL, Mem.at(RDI, TARGET));
        asm.mov(BlockRegisters.SCRATCH, Mem.at(RDI, SCRATCH));
        asm.mov(BlockRegisters.POOL, Mem.at(RDI, POOL));
        asm.mov(RAX, Float.floatToRawIntBits(-decoder.zeroPoint()));
        asm.vpbroadcastd(zeroPoint, RAX);
        asm.vmovups(pairs, registers.constant(Pool.PAIRS));
        asm.vmovups(lowByte, registers.constant(Pool.BYTE));
        Label nextPanel = new Label();
        asm.place(nextPanel);
        panel();
        asm.add(PANEL, Mem.at(RDI, PANEL_BYTES));
        asm.add(TARGET_PANEL, Mem.at(RDI, TARGET_PANEL_BYTES));
        asm.sub(PANELS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextPanel);
        asm.vzeroupper();
        asm.pop(R15);
        asm.pop(R14);
        asm.ret();
        return asm.toBytes();
    }

    private void panel() {
        asm.mov(BlockRegisters.RECORD, PANEL);
        asm.mov(OUT, TARGET_PANEL);
        asm.mov(RECORDS_LEFT, Mem.at(RDI, RECORDS));
        Label nextRecord = new Label();
        asm.place(nextRecord);
        decoder.beginRecord(registers);
        for (int block = 0; block < decoder.blocks(); block++) {
            decoder.decode(registers, block);
            decodeOffsets();
            for (int j = 0; j < 8; j++) {
                fourColumns(j, block * BLOCK_BYTES + j * 128);
            }
        }
        asm.add(BlockRegisters.RECORD, decoder.recordBytes());
        asm.add(OUT, decoder.blocks() * BLOCK_BYTES);
        asm.sub(RECORDS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextRecord);
    }

    private void decodeOffsets() {
        asm.vmulps(offsets[0], registers.scale, zeroPoint);
        if (decoder.hasTwoScales()) {
            asm.vmulps(offsets[1], registers.second, zeroPoint);
        } else if (decoder.hasMinimum()) {
            asm.vsubps(offsets[0], offsets[0], registers.second);
        }
    }

    /** Bytes 0 to 3 of q[j]'s lanes to two lines of pairs. */
    private void fourColumns(int j, int offset) {
        boolean last = decoder.hasTwoScales() && j >= 4;
        Vec scale = last ? registers.second : registers.scale;
        for (int i = 0; i < 4; i++) {
            Vec number = Vec.zmm(16 + i);
            registers.shift(number, registers.q[j], -8 * i);
            if (i < 3) {
                asm.vpand(number, number, lowByte);
            }
            asm.vcvtdq2ps(number, number);
            asm.vfmadd213ps(number, scale, offsets[last ? 1 : 0]);
        }
        for (int pair = 0; pair < 2; pair++) {
            Vec line = Vec.zmm(16 + 2 * pair);
            asm.vcvtne2ps2bf16(line, Vec.zmm(17 + 2 * pair), line);
            asm.vpermw(line, pairs, line);
            asm.vmovups(Mem.at(OUT, offset + 64 * pair), line);
        }
    }
}
