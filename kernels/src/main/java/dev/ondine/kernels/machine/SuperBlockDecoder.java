package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.tensor.NumberFormat;

/**
 * Formats whose records are super-blocks of 256 columns: scales of few bits that a number in F16 multiplies. The scales are
 * decoded once a record, to scratch.
 */
enum SuperBlockDecoder implements BlockDecoder {
    Q4_K(15, 4), Q5_K(31, 5), Q6_K(63, 6);

    /** d and dmin, or d and nothing, 16 rows each. */
    private static final int SCALES_OFFSET = 64;

    private final int largest;
    private final int lines;

    SuperBlockDecoder(int largest, int lines) {
        this.largest = largest;
        this.lines = lines;
    }

    static SuperBlockDecoder of(NumberFormat format) {
        return valueOf(format.name());
    }

    @Override
    public int recordBytes() {
        return quantsOffset(8);
    }

    @Override
    public int blocks() {
        return 8;
    }

    @Override
    public int zeroPoint() {
        return this == Q6_K ? 32 : 0;
    }

    @Override
    public int largest() {
        return largest;
    }

    @Override
    public boolean hasMinimum() {
        return this != Q6_K;
    }

    @Override
    public boolean hasTwoScales() {
        return this == Q6_K;
    }

    private int quantsOffset(int block) {
        int scaleLines = this == Q6_K ? 4 : 3;
        return SCALES_OFFSET + 64 * (scaleLines + lines * block);
    }

    @Override
    public void beginRecord(BlockRegisters r) {
        r.asm.vcvtph2ps(r.scale, r.field(0, Short.BYTES));
        if (this == Q6_K) {
            signedScales(r);
        } else {
            r.asm.vcvtph2ps(r.second, r.field(32, Short.BYTES));
            sixBitScales(r);
        }
    }

    /** Lane by lane: bytes 0 to 3 of the first two lines are blocks 0 to 3; their upper bits and the third line make 4 to 7. */
    private void sixBitScales(BlockRegisters r) {
        Vec lowScales = r.q[0];
        Vec lowMinima = r.q[1];
        Vec highScales = r.q[2];
        Vec highMinima = r.q[3];
        r.asm.vmovups(lowScales, r.line(SCALES_OFFSET));
        r.asm.vmovups(lowMinima, r.line(SCALES_OFFSET + 64));
        r.asm.vmovups(highScales, r.line(SCALES_OFFSET + 128));
        r.asm.vpsrld(highMinima, highScales, 4);
        upperFour(r, highScales, lowScales);
        upperFour(r, highMinima, lowMinima);
        r.asm.vpand(lowScales, lowScales, r.constant(Pool.SIX_BITS));
        r.asm.vpand(lowMinima, lowMinima, r.constant(Pool.SIX_BITS));
        for (int i = 0; i < 4; i++) {
            keepByte(r, lowScales, i, r.scale, r.scratchScale(i));
            keepByte(r, highScales, i, r.scale, r.scratchScale(i + 4));
            keepByte(r, lowMinima, i, r.second, r.scratchMinimum(i));
            keepByte(r, highMinima, i, r.second, r.scratchMinimum(i + 4));
        }
    }

    /** Nibbles of high, with the two upper bits of low above them. */
    private static void upperFour(BlockRegisters r, Vec high, Vec low) {
        r.asm.vpand(high, high, r.constant(Pool.NIBBLES));
        r.asm.vpsrld(r.temp, low, 2);
        r.orMasked(high, r.temp, Pool.UPPER_TWO_BITS);
    }

    private static void keepByte(BlockRegisters r, Vec bytes, int i, Vec factor, Mem target) {
        r.shift(r.temp, bytes, -8 * i);
        if (i < 3) {
            r.asm.vpand(r.temp, r.temp, r.constant(Pool.BYTE));
        }
        keep(r, factor, target);
    }

    private static void keep(BlockRegisters r, Vec factor, Mem target) {
        r.asm.vcvtdq2ps(r.temp, r.temp);
        r.asm.vmulps(r.temp, r.temp, factor);
        r.asm.vmovups(target, r.temp);
    }

    /** Scales 2b and 2b + 1 belong to block b: kept where other formats keep scale and minimum. */
    private void signedScales(BlockRegisters r) {
        for (int s = 0; s < 16; s++) {
            r.asm.vmovups(r.temp, r.line(SCALES_OFFSET + s / 4 * 64));
            if (s % 4 < 3) {
                r.asm.vpslld(r.temp, r.temp, 24 - 8 * (s % 4));
            }
            r.asm.vpsrad(r.temp, r.temp, 24);
            keep(r, r.scale, s % 2 == 0 ? r.scratchScale(s / 2) : r.scratchMinimum(s / 2));
        }
    }

    @Override
    public void decode(BlockRegisters r, int block) {
        int offset = quantsOffset(block);
        switch (this) {
            case Q4_K -> LegacyDecoder.nibbles(r, offset);
            case Q5_K -> {
                LegacyDecoder.nibbles(r, offset + 64);
                LegacyDecoder.fifthBits(r, offset);
            }
            case Q6_K -> {
                LegacyDecoder.nibbles(r, offset + 128);
                upperBits(r, offset);
            }
        }
        r.asm.vmovups(r.scale, r.scratchScale(block));
        r.asm.vmovups(r.second, r.scratchMinimum(block));
    }

    /** Bits 2j and 2j + 1 of every byte become bits 4 and 5: of the first line in q[0..3], of the second in q[4..7]. */
    private static void upperBits(BlockRegisters r, int offset) {
        for (int j = 0; j < 8; j++) {
            if (j % 4 == 0) {
                r.asm.vmovups(r.temp2, r.line(offset + 16 * j));
            }
            r.shift(r.temp, r.temp2, 4 - 2 * (j % 4));
            r.orMasked(r.q[j], r.temp, Pool.UPPER_TWO_BITS);
        }
    }
}
