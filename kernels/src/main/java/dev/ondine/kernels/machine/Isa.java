package dev.ondine.kernels.machine;

import static dev.ondine.kernels.machine.ProcessorFeature.*;

import dev.ondine.kernels.x86.Vec;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The instruction sets that kernels are generated for, from the plainest to the richest. */
public enum Isa {
    /** AVX2 with FMA and F16C: every x86-64 server since 2013. */
    AVX2(32, EnumSet.of(ProcessorFeature.AVX2, FMA, F16C)),
    /** AVX2 with the int8 dot product of AVX-VNNI: Alder Lake and later, Zen 5. */
    AVX_VNNI(32, EnumSet.of(ProcessorFeature.AVX2, FMA, F16C, ProcessorFeature.AVX_VNNI)),
    /** AVX-512 F, BW, VL, DQ and VNNI, and BMI2: Ice Lake servers and later, Zen 4 and later. */
    AVX512(64, EnumSet.of(ProcessorFeature.AVX2, FMA, F16C, BMI2, AVX512F, AVX512BW, AVX512VL, AVX512DQ, AVX512_VNNI)),
    /** AVX-512 with BF16, and the matrix tiles of AMX for bfloat16 and bytes: Sapphire Rapids and later. */
    AMX(64, EnumSet.of(ProcessorFeature.AVX2, FMA, F16C, BMI2, AVX512F, AVX512BW, AVX512VL, AVX512DQ, AVX512_VNNI, AVX512_BF16,
            AMX_TILE, AMX_BF16, AMX_INT8));

    private final int vectorBytes;
    private final Set<ProcessorFeature> features;

    Isa(int vectorBytes, EnumSet<ProcessorFeature> features) {
        this.vectorBytes = vectorBytes;
        this.features = Collections.unmodifiableSet(features);
    }

    /** What a processor must have. */
    public Set<ProcessorFeature> features() {
        return features;
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
