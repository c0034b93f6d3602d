package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;

/** Generates the element-wise kernels that need powers of e; their arguments are those of {@link ElementwiseCode}. */
abstract class ActivationCode extends ElementwiseCode {

    final Vec spare = vec(3);
    final ExpCode exp = new ExpCode(this, vec(4), vec(5));

    ActivationCode(Isa isa) {
        super(isa);
    }

    /** y = cap · tanh(y / cap), the cap being the parameter; the absolute error is below 2e-7 · cap. x is not read. */
    static byte[] softcap(Isa isa) {
        return new ActivationCode(isa) {
            private final VecOrMem two = constant(2f);
            private final Vec twoOverCap = vec(6);
            private final Vec twoCaps = vec(7);

            @Override
            void prepare() {
                super.prepare();
                asm.vmovups(twoOverCap, two);
                asm.vdivps(twoOverCap, twoOverCap, parameter);
                asm.vaddps(twoCaps, parameter, parameter);
            }

            /** cap · tanh(t) = cap - 2 cap / (e^2t + 1). */
            @Override
            void function() {
                asm.vmulps(y, y, twoOverCap);
                exp.expPlusOne(y);
                asm.vdivps(y, twoCaps, y);
                asm.vsubps(y, parameter, y);
            }
        }.generate();
    }

    /** y = y · sigmoid(y) · x. */
    static byte[] silu(Isa isa) {
        return new ActivationCode(isa) {
            @Override
            void function() {
                asm.vpxor(spare, spare, spare);
                asm.vsubps(spare, spare, y);
                gate();
            }
        }.generate();
    }

    /** y = gelu(y) · x with GELU in its tanh form, y · sigmoid(2 √(2/π) · (y + 0.044715 y³)). */
    static byte[] gelu(Isa isa) {
        return new ActivationCode(isa) {
            private final VecOrMem minusSlope = constant(-1.5957691216f);
            private final VecOrMem minusCubic = constant(-1.5957691216f * 0.044715f);

            @Override
            void function() {
                asm.vmulps(x, y, y);
                asm.vmovups(spare, minusCubic);
                asm.vfmadd213ps(spare, x, minusSlope);
                asm.vmulps(spare, spare, y);
                gate();
            }
        }.generate();
    }

    /** y = y · x / (1 + e^spare): 0 where the power is infinite. */
    final void gate() {
        exp.expPlusOne(spare);
        asm.vdivps(y, y, spare);
        load(x, at(SOURCE));
        asm.vmulps(y, y, x);
    }
}
