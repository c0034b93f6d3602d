package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;

/**
 * Generates the softmax of rows, in place. Of the argument block, target is the rows; nothing else counts but rows and columns.
 * A row of -∞ alone becomes NaN.
 */
final class SoftmaxCode extends RowCode {

    /** Maxima that grow side by side, because each takes four cycles. */
    private static final int MAXIMA = 4;

    private final Vec x = vec(4);
    private final Vec spare = vec(5);
    private final Vec largest = vec(0);
    private final Vec sum = vec(6);
    private final Vec minusInfinity = vec(7);
    private final ExpCode exp = new ExpCode(this, vec(8), vec(9));

    private SoftmaxCode(Isa isa) {
        super(isa);
    }

    static byte[] of(Isa isa) {
        return new SoftmaxCode(isa).generate();
    }

    @Override
    void prepare() {
        super.prepare();
        spread(minusInfinity, Float.floatToRawIntBits(Float.NEGATIVE_INFINITY));
    }

    @Override
    void row() {
        findLargest();
        exponentiate();
        divide();
        nextRow(TARGET);
    }

    private void findLargest() {
        for (int i = 0; i < MAXIMA; i++) {
            asm.vmovups(vec(i), minusInfinity);
        }
        eachVector(COLUMNS, MAXIMA, part -> {
            loadOr(x, at(TARGET), minusInfinity);
            asm.vmaxps(vec(part), vec(part), x);
        });
        for (int i = 1; i < MAXIMA; i++) {
            asm.vmaxps(largest, largest, vec(i));
        }
        acrossLanes(largest, spare, asm::vmaxps);
        asm.vbroadcastss(largest, xmm(largest));
    }

    private void exponentiate() {
        asm.vpxor(sum, sum, sum);
        eachVector(COLUMNS, 1, part -> {
            loadOr(x, at(TARGET), minusInfinity);
            asm.vsubps(x, x, largest);
            exp.exp(x);
            asm.vaddps(sum, sum, x);
            store(at(TARGET), x);
        });
        acrossLanes(sum, spare, asm::vaddps);
    }

    private void divide() {
        Vec share = spread(spare, Float.floatToRawIntBits(1));
        asm.vdivss(xmm(share), xmm(share), xmm(sum));
        asm.vbroadcastss(share, xmm(share));
        eachVector(COLUMNS, 2, part -> {
            load(x, at(TARGET));
            asm.vmulps(x, x, share);
            store(at(TARGET), x);
        });
    }
}
