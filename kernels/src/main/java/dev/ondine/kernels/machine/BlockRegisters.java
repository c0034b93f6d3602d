package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Where a kernel keeps one block of 32 columns while it works on it. A vector's lanes are weight rows: all 16 of a panel in a
 * zmm, one half of them in a ymm register.
 */
final class BlockRegisters {

    /** The record that is being read. */
    static final Gpr RECORD = Gpr.RSI;
    /** {@link #SCRATCH_BYTES} bytes of the worker. */
    static final Gpr SCRATCH = Gpr.R14;
    /** {@link Pool} */
    static final Gpr POOL = Gpr.R15;
    /** Scales and minima of the eight blocks of a record. */
    static final int SCRATCH_BYTES = 2 * 8 * 64;

    final Assembler asm;
    final Isa isa;
    /** Eight vectors: byte i of a lane of q[j] is column 4j + i. */
    final Vec[] q = new Vec[8];
    /** What a sum of products is worth; where a block has two scales, that of its first 16 columns. */
    final Vec scale;
    /** The block's minimum, or the scale of its last 16 columns. */
    final Vec second;
    final Vec temp;
    final Vec temp2;
    /** 0, or 1 for the upper eight rows in ymm registers. */
    int half;

    BlockRegisters(Assembler asm, Isa isa) {
        this.asm = asm;
        this.isa = isa;
        for (int j = 0; j < q.length; j++) {
            q[j] = isa.vec(j);
        }
        scale = isa.vec(isa.isAvx512() ? 8 : 14);
        second = isa.vec(isa.isAvx512() ? 9 : 15);
        temp = isa.vec(isa.isAvx512() ? 10 : 12);
        temp2 = isa.vec(isa.isAvx512() ? 11 : 13);
    }

    /** A field of the record that has this many bytes a row. */
    Mem field(int offset, int bytesPerRow) {
        return Mem.at(RECORD, offset + half * 8 * bytesPerRow);
    }

    /** One 64-byte line of the record. */
    Mem line(int offset) {
        return field(offset, 4);
    }

    Mem constant(Pool constant) {
        return constant.in(POOL);
    }

    /** Where the scale of a block is kept. */
    Mem scratchScale(int block) {
        return Mem.at(SCRATCH, block * 64);
    }

    /** Where the minimum of a block is kept. */
    Mem scratchMinimum(int block) {
        return Mem.at(SCRATCH, SCRATCH_BYTES / 2 + block * 64);
    }

    /** target |= source &amp; constant; the source is lost. */
    void orMasked(Vec target, Vec source, Pool constant) {
        if (isa.isAvx512()) {
            asm.vpternlogd(target, source, constant(constant), 0xF8);
        } else {
            asm.vpand(source, source, constant(constant));
            asm.vpor(target, target, source);
        }
    }

    /** target = source moved left by so many bits, right if negative. */
    void shift(Vec target, Vec source, int left) {
        if (left > 0) {
            asm.vpslld(target, source, left);
        } else if (left < 0) {
            asm.vpsrld(target, source, -left);
        } else {
            asm.vmovups(target, source);
        }
    }
}
