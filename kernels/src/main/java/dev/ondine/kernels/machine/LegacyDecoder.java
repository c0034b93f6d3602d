package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;
import dev.ondine.tensor.NumberFormat;

/**
 * Formats whose blocks of 32 have a scale each. A record holds the scales of its blocks, then minima if there are any, then the
 * quants block by block.
 *
 * @param quants    how they are stored
 * @param scaleByte whether scales are e8m0 bytes instead of F16
 * @param table     whose bytes the nibbles stand for, or null
 */
record LegacyDecoder(int blocks, int zeroPoint, int largest, Quants quants, boolean scaleByte, boolean hasMinimum, Pool table)
        implements BlockDecoder {

    private enum Quants {
        NIBBLES(4), NIBBLES_AND_FIFTH_BITS(5), UNSIGNED_BYTES(8), SIGNED_BYTES(8);

        private final int lines;

        Quants(int lines) {
            this.lines = lines;
        }
    }

    static LegacyDecoder of(NumberFormat format, Isa isa) {
        // Without the dot product of VNNI, unsigned times signed bytes overflow 16 bits; absolute values do not.
        boolean signed = isa == Isa.AVX2;
        return switch (format) {
            case Q4_0 -> new LegacyDecoder(2, 8, 15, Quants.NIBBLES, false, false, null);
            case Q4_1 -> new LegacyDecoder(2, 0, 15, Quants.NIBBLES, false, true, null);
            case Q5_0 -> new LegacyDecoder(2, 16, 31, Quants.NIBBLES_AND_FIFTH_BITS, false, false, null);
            case Q5_1 -> new LegacyDecoder(2, 0, 31, Quants.NIBBLES_AND_FIFTH_BITS, false, true, null);
            case Q8_0 -> signed ? new LegacyDecoder(2, 0, 0, Quants.SIGNED_BYTES, false, false, null)
                    : new LegacyDecoder(2, 128, 255, Quants.UNSIGNED_BYTES, false, false, null);
            case IQ4_NL -> signed ? new LegacyDecoder(2, 0, 0, Quants.NIBBLES, false, false, Pool.IQ4_NL_SIGNED)
                    : new LegacyDecoder(2, 128, 241, Quants.NIBBLES, false, false, Pool.IQ4_NL_UNSIGNED);
            case MXFP4 -> new LegacyDecoder(4, 12, 24, Quants.NIBBLES, true, false, Pool.MXFP4_UNSIGNED);
            default -> throw new IllegalArgumentException(format + " is no format of blocks of 32");
        };
    }

    @Override
    public int recordBytes() {
        return quantsOffset(blocks);
    }

    private int scalesBytes() {
        return blocks * 16 * (scaleByte ? 1 : Short.BYTES);
    }

    private int quantsOffset(int block) {
        return scalesBytes() * (hasMinimum ? 2 : 1) + block * quants.lines * 64;
    }

    @Override
    public void decode(BlockRegisters r, int block) {
        decodeScale(r, block);
        int offset = quantsOffset(block);
        switch (quants) {
            case NIBBLES -> nibbles(r, offset);
            case NIBBLES_AND_FIFTH_BITS -> {
                nibbles(r, offset + 64);
                fifthBits(r, offset);
            }
            case UNSIGNED_BYTES, SIGNED_BYTES -> bytes(r, offset);
        }
        if (table != null) {
            lookUp(r);
        }
    }

    private void decodeScale(BlockRegisters r, int block) {
        if (scaleByte) {
            r.asm.vpmovzxbd(r.scale, r.field(block * 16, 1));
            r.asm.vpslld(r.scale, r.scale, 23);
            r.asm.vmulps(r.scale, r.scale, r.constant(Pool.HALF));
        } else {
            r.asm.vcvtph2ps(r.scale, r.field(block * 32, Short.BYTES));
        }
        if (hasMinimum) {
            r.asm.vcvtph2ps(r.second, r.field(scalesBytes() + block * 32, Short.BYTES));
            // The file stores what is added, the kernels subtract.
            r.asm.vpxor(r.temp, r.temp, r.temp);
            r.asm.vsubps(r.second, r.temp, r.second);
        }
    }

    static void nibbles(BlockRegisters r, int offset) {
        for (int j = 0; j < 4; j++) {
            Vec low = r.q[j];
            Vec high = r.q[j + 4];
            r.asm.vmovups(high, r.line(offset + 64 * j));
            r.asm.vpand(low, high, r.constant(Pool.NIBBLES));
            r.asm.vpsrld(high, high, 4);
            r.asm.vpand(high, high, r.constant(Pool.NIBBLES));
        }
    }

    /** Bit j of every byte becomes bit 4 in q[j]. */
    static void fifthBits(BlockRegisters r, int offset) {
        r.asm.vmovups(r.temp2, r.line(offset));
        for (int j = 0; j < 8; j++) {
            r.shift(r.temp, r.temp2, 4 - j);
            r.orMasked(r.q[j], r.temp, Pool.FIFTH_BITS);
        }
    }

    private void bytes(BlockRegisters r, int offset) {
        for (int j = 0; j < 8; j++) {
            r.asm.vmovups(r.q[j], r.line(offset + 64 * j));
            if (quants == Quants.SIGNED_BYTES) {
                r.asm.vpxor(r.q[j], r.q[j], r.constant(Pool.SIGNS));
            }
        }
    }

    private void lookUp(BlockRegisters r) {
        r.asm.vmovups(r.temp, r.constant(table));
        for (Vec q : r.q) {
            r.asm.vpshufb(q, r.temp, q);
        }
    }
}
