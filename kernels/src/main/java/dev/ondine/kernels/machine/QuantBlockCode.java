package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Emits the quantisation of 32 floats as {@link dev.ondine.tensor.NumberFormat#Q8_0} does it: scale = largest magnitude / 127, ties
 * away from zero. Uses ymm0 to ymm7 and rax.
 */
record QuantBlockCode(VectorCode code) {

    /** Floats of a block. */
    static final int FLOATS = 32;

    private static final int VECTORS = 4;
    private static final Vec SCALE = Vec.ymm(4);
    private static final Vec INVERSE = Vec.ymm(5);
    private static final Vec SPARE = Vec.ymm(6);
    private static final Vec MASK = Vec.ymm(7);
    /** Rounding control: towards zero. */
    private static final int TRUNCATE = 3;

    /**
     * Leaves 32 signed bytes in ymm0 and the scale in the lowest lane of ymm4.
     *
     * @param factor of all floats; null for none
     */
    void emit(Gpr source, Mem factor) {
        Assembler asm = code.asm;
        for (int i = 0; i < VECTORS; i++) {
            asm.vmovups(Vec.ymm(i), at(source, i * Vec.ymm(i).bytes()));
        }
        if (factor != null) {
            asm.vbroadcastss(SPARE, factor);
            for (int i = 0; i < VECTORS; i++) {
                asm.vmulps(Vec.ymm(i), Vec.ymm(i), SPARE);
            }
        }
        findScale();
        for (int i = 0; i < VECTORS; i++) {
            round(Vec.ymm(i));
        }
        asm.vpackssdw(Vec.ymm(0), Vec.ymm(0), Vec.ymm(1));
        asm.vpackssdw(Vec.ymm(2), Vec.ymm(2), Vec.ymm(3));
        asm.vpacksswb(Vec.ymm(0), Vec.ymm(0), Vec.ymm(2));
        // The halves of the registers were packed apart.
        code.lanes(SPARE, 0x07030602_05010400L);
        asm.vpermd(Vec.ymm(0), SPARE, Vec.ymm(0));
    }

    private void findScale() {
        Assembler asm = code.asm;
        Label isZero = new Label();
        code.spread(MASK, Integer.MAX_VALUE);
        asm.vpand(SCALE, Vec.ymm(0), MASK);
        for (int i = 1; i < VECTORS; i++) {
            asm.vpand(SPARE, Vec.ymm(i), MASK);
            asm.vmaxps(SCALE, SCALE, SPARE);
        }
        acrossLanes(SCALE, SPARE, asm::vmaxps);
        code.spread(SPARE, Float.floatToRawIntBits(127));
        asm.vdivps(SCALE, SCALE, SPARE);
        asm.vmovups(INVERSE, SCALE);
        asm.vmovd(Gpr.RAX, SCALE.as(16));
        asm.test(Gpr.RAX, Gpr.RAX);
        asm.jump(Condition.EQUAL, isZero);
        code.spread(INVERSE, Float.floatToRawIntBits(1));
        asm.vdivps(INVERSE, INVERSE, SCALE);
        asm.place(isZero);
    }

    /** What is cut off is exact; doubled and cut off again it is 1 where rounding goes away from zero. */
    private void round(Vec numbers) {
        Assembler asm = code.asm;
        asm.vmulps(numbers, numbers, INVERSE);
        asm.vroundps(SPARE, numbers, TRUNCATE);
        asm.vsubps(numbers, numbers, SPARE);
        asm.vaddps(numbers, numbers, numbers);
        asm.vroundps(numbers, numbers, TRUNCATE);
        asm.vaddps(numbers, numbers, SPARE);
        asm.vcvtps2dq(numbers, numbers);
    }

    /** Leaves -128 times the sum of the bytes in the lowest lane of ymm1. */
    void correction() {
        Assembler asm = code.asm;
        code.spread(SPARE, 0x01010101);
        asm.vpmaddubsw(Vec.ymm(1), SPARE, Vec.ymm(0));
        code.spread(SPARE, 0x00010001);
        asm.vpmaddwd(Vec.ymm(1), Vec.ymm(1), SPARE);
        acrossLanes(Vec.ymm(1), SPARE, asm::vpaddd);
        asm.vpslld(Vec.ymm(1), Vec.ymm(1), 7);
        asm.vpxor(SPARE, SPARE, SPARE);
        asm.vpsubd(Vec.ymm(1), SPARE, Vec.ymm(1));
    }

    /** Every lane holds the result. */
    private void acrossLanes(Vec vector, Vec spare, VectorCode.Combination combination) {
        code.asm.vextractf128(spare.as(16), vector, 1);
        combination.combine(vector.as(16), vector.as(16), spare.as(16));
        code.acrossFour(vector.as(16), spare.as(16), combination);
        code.asm.vbroadcastss(vector, vector.as(16));
    }
}
