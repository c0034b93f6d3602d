package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;

/** The instruction sets that kernels are generated for, from the plainest to the richest. */
public enum Isa {
    /** AVX2 with FMA and F16C: every x86-64 server since 2013. */
    AVX2(32),
    /** AVX2 with the int8 dot product of AVX-VNNI: Alder Lake and later, Zen 5. */
    AVX_VNNI(32),
    /** AVX-512 F, BW, VL, DQ and VNNI: Ice Lake servers and later, Zen 4 and later. */
    AVX512(64),
    /** AVX-512 with BF16, and the matrix tiles of AMX for bfloat16: Sapphire Rapids and later. */
    AMX(64);

    private final int vectorBytes;

    Isa(int vectorBytes) {
        this.vectorBytes = vectorBytes;
    }

    /** Bytes of a vector register. */
    int vectorBytes() {
        return vectorBytes;
    }

    /** Floats in a vector register. */
    int lanes() {
        return vectorBytes / Float.BYTES;
    }

    /** A vector register of this width. */
    Vec vec(int index) {
        return new Vec(index, vectorBytes, 0, false);
    }

    boolean isAvx512() {
        return vectorBytes == 64;
    }
}
