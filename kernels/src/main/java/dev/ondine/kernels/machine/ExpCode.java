package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;

/**
 * Emits e^x on vectors, and what is made of it. All versions give the same bits.
 *
 * <p>e^x = 2^n · e^r with |r| at most ln 2 / 2, and a polynomial for e^r whose coefficients are those of Cephes' expf. The relative
 * error is below 2e-7. Below -87.68 it is 0, above 88.38 infinite; NaN stays NaN.
 */
final class ExpCode {

    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two pieces: the first has few enough bits that its product with a whole number up to 128 is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    // With these bounds n lies in [-127, 128], and the biased exponents 0 and 255 of 2^n make it 0 and infinite.
    private static final float LOWEST = -88;
    private static final float HIGHEST = 88.8f;
    // Adding 1.5 · 2^23 leaves the nearest whole number in the lowest bits; 127 is the exponents' bias.
    private static final float ROUNDING = 12582912f + 127;

    private final Assembler asm;
    private final Vec power;
    private final Vec whole;
    private final VecOrMem lowest;
    private final VecOrMem highest;
    private final VecOrMem log2e;
    private final VecOrMem rounding;
    private final VecOrMem ln2High;
    private final VecOrMem ln2Low;
    private final VecOrMem one;
    private final VecOrMem[] polynomial;

    /**
     * Sets up its constants.
     *
     * @param power a register that it may overwrite
     * @param whole another one
     */
    ExpCode(VectorCode code, Vec power, Vec whole) {
        this.asm = code.asm;
        this.power = power;
        this.whole = whole;
        lowest = code.constant(LOWEST);
        highest = code.constant(HIGHEST);
        log2e = code.constant(LOG2_E);
        rounding = code.constant(ROUNDING);
        ln2High = code.constant(LN2_HIGH);
        ln2Low = code.constant(LN2_LOW);
        one = code.constant(1f);
        polynomial = new VecOrMem[] {code.constant(1.9875691500e-4f), code.constant(1.3981999507e-3f), code.constant(8.3334519073e-3f),
            code.constant(4.1665795894e-2f), code.constant(1.6666665459e-1f), code.constant(5.0000001201e-1f)};
    }

    /** x = e^x. */
    void exp(Vec x) {
        clamp(x);
        asm.vmovups(power, log2e);
        asm.vfmadd213ps(power, x, rounding);
        asm.vsubps(whole, power, rounding);
        asm.vfnmadd231ps(x, whole, ln2High);
        asm.vfnmadd231ps(x, whole, ln2Low);
        asm.vpslld(power, power, 23);
        asm.vmovups(whole, polynomial[0]);
        for (int i = 1; i < polynomial.length; i++) {
            asm.vfmadd213ps(whole, x, polynomial[i]);
        }
        // 1 + r + r² · polynomial
        asm.vfmadd213ps(whole, x, one);
        asm.vfmadd213ps(x, whole, one);
        asm.vmulps(x, x, power);
    }

    /** Where one number is NaN, the instructions give the second: x. */
    private void clamp(Vec x) {
        asm.vmovups(power, lowest);
        asm.vmaxps(x, power, x);
        asm.vmovups(power, highest);
        asm.vminps(x, power, x);
    }

    /** x = e^x + 1. */
    void expPlusOne(Vec x) {
        exp(x);
        asm.vaddps(x, x, one);
    }
}
