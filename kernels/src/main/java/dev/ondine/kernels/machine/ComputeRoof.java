package dev.ondine.kernels.machine;

import static dev.ondine.kernels.machine.ProcessorFeature.*;

import java.util.Set;

/** An instruction that multiplies and adds, whose rate from registers bounds every matrix product made with it. */
public enum ComputeRoof {
    /** Three instructions; the rate counts all as one. */
    AVX2_INT8("int8", "vpmaddubsw, vpmaddwd, vpaddd ymm", 32, 32, AVX2),
    AVX_VNNI_INT8("int8", "vpdpbusd ymm", 32, 32, AVX2, AVX_VNNI),
    AVX512_INT8("int8", "vpdpbusd zmm", 64, 64, AVX512F, AVX512_VNNI),
    AMX_INT8("int8", "tdpbssd", 64, 16 * 16 * 64, AVX512F, AMX_TILE, ProcessorFeature.AMX_INT8),
    AVX512_BFLOAT16("bfloat16", "vdpbf16ps zmm", 64, 32, AVX512F, AVX512_BF16),
    AMX_BFLOAT16("bfloat16", "tdpbf16ps", 64, 16 * 16 * 32, AVX512F, AMX_TILE, AMX_BF16),
    AVX2_FLOAT32("float32", "vfmadd231ps ymm", 32, 8, AVX2, FMA),
    AVX512_FLOAT32("float32", "vfmadd231ps zmm", 64, 16, AVX512F);

    private final String type;
    private final String instruction;
    private final Set<ProcessorFeature> features;
    final int vectorBytes;
    /** Multiplications of one instruction, each with its addition. */
    final int products;

    ComputeRoof(String type, String instruction, int vectorBytes, int products, ProcessorFeature... features) {
        this.type = type;
        this.instruction = instruction;
        this.vectorBytes = vectorBytes;
        this.products = products;
        this.features = Set.of(features);
    }

    /** Of the factors: int8, bfloat16 or float32. */
    public String type() {
        return type;
    }

    /** As an assembler writes it. */
    public String instruction() {
        return instruction;
    }

    boolean runsOn(Processor processor) {
        return processor.features().containsAll(features);
    }
}
