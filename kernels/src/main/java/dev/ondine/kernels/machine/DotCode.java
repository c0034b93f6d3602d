package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Emits the int8 dot product: four columns of each row's lane with the same four activations for all rows.
 *
 * <p>With VNNI one instruction does it. Without, products of bytes are summed in 16 bits as long as they fit, then in 32; signed
 * weights are split into absolute value and sign, which moves to the activation.
 */
final class DotCode {

    private static final int LARGEST_PAIR_SUM = 2 * 127;

    private final Assembler asm;
    private final BlockRegisters registers;
    private final Vec product;
    private final Vec partial;
    /** Steps of four columns whose sum fits 16 bits; 0 for signed weights. */
    private final int stepsInShort;

    /**
     * @param product scratch; unused with AVX-512
     * @param partial scratch; used by AVX2 alone
     * @param largest of the weights' bytes, 0 for signed ones
     */
    DotCode(BlockRegisters registers, Vec product, Vec partial, int largest) {
        this.asm = registers.asm;
        this.registers = registers;
        this.product = product;
        this.partial = partial;
        this.stepsInShort = largest == 0 ? 0 : Integer.highestOneBit(Math.min(8, Short.MAX_VALUE / (largest * LARGEST_PAIR_SUM)));
    }

    /** sum += q[from..to) · activations; column 4j of the block is at {@code activations + 4j}. */
    void add(Vec sum, int from, int to, Mem activations) {
        switch (registers.isa) {
            case AVX512, AMX -> {
                for (int j = from; j < to; j++) {
                    asm.vpdpbusd(sum, registers.q[j], activations.plus(4 * j).toAll());
                }
            }
            case AVX_VNNI -> {
                for (int j = from; j < to; j++) {
                    asm.vpbroadcastd(product, activations.plus(4 * j));
                    asm.vpdpbusd(sum, registers.q[j], product);
                }
            }
            case AVX2 -> {
                if (stepsInShort == 0) {
                    addSigned(sum, from, to, activations);
                } else {
                    addUnsigned(sum, from, to, activations);
                }
            }
        }
    }

    private void addUnsigned(Vec sum, int from, int to, Mem activations) {
        int steps = Math.min(stepsInShort, to - from);
        for (int j = from; j < to; j++) {
            boolean first = (j - from) % steps == 0;
            Vec target = first ? partial : product;
            asm.vpbroadcastd(target, activations.plus(4 * j));
            asm.vpmaddubsw(target, registers.q[j], target);
            if (!first) {
                asm.vpaddw(partial, partial, product);
            }
            if ((j - from) % steps == steps - 1) {
                asm.vpmaddwd(partial, partial, registers.constant(Pool.ONES));
                asm.vpaddd(sum, sum, partial);
            }
        }
    }

    private void addSigned(Vec sum, int from, int to, Mem activations) {
        for (int j = from; j < to; j++) {
            asm.vpbroadcastd(product, activations.plus(4 * j));
            asm.vpsignb(product, product, registers.q[j]);
            asm.vpabsb(partial, registers.q[j]);
            asm.vpmaddubsw(product, partial, product);
            asm.vpmaddwd(product, product, registers.constant(Pool.ONES));
            asm.vpaddd(sum, sum, product);
        }
    }
}
