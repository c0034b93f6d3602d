package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Generates the decoding of packed weights in blocks to signed bytes, which matrix tiles multiply. Needs {@link Isa#AMX}.
 *
 * <p>An unpacked block of 32 columns is eight lines of 64 bytes, byte i of lane r of line j for column 4j + i of row r, and two
 * lines of 16 F32: the scales of the rows, and their minima or second scales.
 *
 * <p>Argument block, 64 bits each: {@link #WEIGHTS} to {@link #POOL}.
 */
final class UnpackCode {

    /** Address of the first record of the first panel. */
    static final int WEIGHTS = 0;
    static final int PANEL_BYTES = 8;
    static final int PANELS = 16;
    /** Records of each panel that are decoded. */
    static final int RECORDS = 24;
    /** Address of the first unpacked panel. */
    static final int TARGET = 32;
    static final int TARGET_PANEL_BYTES = 40;
    /** Address of {@link BlockRegisters#SCRATCH_BYTES} bytes, 64-byte aligned. */
    static final int SCRATCH = 48;
    /** Address of the {@link Pool}. */
    static final int POOL = 56;

    /** Of an unpacked block. */
    static final int BLOCK_BYTES = 10 * 64;
    static final int SCALES_OFFSET = 8 * 64;
    static final int SECOND_OFFSET = 9 * 64;

    private static final Gpr PANEL = R8;
    private static final Gpr PANELS_LEFT = R9;
    private static final Gpr TARGET_PANEL = R10;
    private static final Gpr RECORDS_LEFT = RCX;
    private static final Gpr OUT = RDX;

    private final Assembler asm = new Assembler();
    private final BlockDecoder decoder;
    private final BlockRegisters registers = new BlockRegisters(asm, Isa.AMX);
    private final Vec zeroPoint = Vec.zmm(16);

    private UnpackCode(BlockDecoder decoder) {
        this.decoder = decoder;
    }

    static byte[] of(BlockDecoder decoder) {
        return new UnpackCode(decoder).generate();
    }

    private byte[] generate() {
        asm.push(R14);
        asm.push(R15);
        asm.mov(PANEL, Mem.at(RDI, WEIGHTS));
        asm.mov(PANELS_LEFT, Mem.at(RDI, PANELS));
        asm.mov(TARGET_PANEL, Mem.at(RDI, TARGET));
        asm.mov(BlockRegisters.SCRATCH, Mem.at(RDI, SCRATCH));
        asm.mov(BlockRegisters.POOL, Mem.at(RDI, POOL));
        asm.mov(RAX, decoder.zeroPoint() * 0x01010101L);
        asm.vpbroadcastd(zeroPoint, RAX);
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
            store(block * BLOCK_BYTES);
        }
        asm.add(BlockRegisters.RECORD, decoder.recordBytes());
        asm.add(OUT, decoder.blocks() * BLOCK_BYTES);
        asm.sub(RECORDS_LEFT, 1);
        asm.jump(Condition.NOT_EQUAL, nextRecord);
    }

    private void store(int offset) {
        for (int j = 0; j < 8; j++) {
            if (decoder.zeroPoint() != 0) {
                asm.vpsubb(registers.q[j], registers.q[j], zeroPoint);
            }
            asm.vmovups(Mem.at(OUT, offset + 64 * j), registers.q[j]);
        }
        asm.vmovups(Mem.at(OUT, offset + SCALES_OFFSET), registers.scale);
        if (decoder.hasMinimum() || decoder.hasTwoScales()) {
            asm.vmovups(Mem.at(OUT, offset + SECOND_OFFSET), registers.second);
        }
    }
}
