package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;

/**
 * Generates y = x / √(mean of x² + epsilon) · weight, row by row.
 *
 * <p>Of the argument block, target is y, source is x and may be y, other is the weight, the first parameter epsilon, a float.
 */
final class RmsNormCode extends RowCode {

    /** Sums that grow side by side, because an addition takes four cycles. */
    private static final int SUMS = 4;

    private final Vec x = vec(4);
    private final Vec spare = vec(5);
    private final Vec factor = vec(6);
    private final Vec count = vec(7);
    private final Vec one = vec(8);

    private RmsNormCode(Isa isa) {
        super(isa);
    }

    static byte[] of(Isa isa) {
        return new RmsNormCode(isa).generate();
    }

    @Override
    void prepare() {
        super.prepare();
        asm.vmovd(xmm(count), COLUMNS);
        asm.vcvtdq2ps(xmm(count), xmm(count));
        spread(one, Float.floatToRawIntBits(1));
    }

    @Override
    void row() {
        sumSquares();
        deriveFactor();
        eachVector(COLUMNS, 2, part -> {
            load(x, at(SOURCE));
            asm.vmulps(x, x, factor);
            load(spare, at(OTHER));
            asm.vmulps(x, x, spare);
            store(at(TARGET), x);
        });
        nextRow(SOURCE);
        nextRow(TARGET);
    }

    private void sumSquares() {
        for (int i = 0; i < SUMS; i++) {
            asm.vpxor(vec(i), vec(i), vec(i));
        }
        eachVector(COLUMNS, SUMS, part -> {
            load(x, at(SOURCE));
            asm.vfmadd231ps(vec(part), x, x);
        });
        asm.vaddps(vec(0), vec(0), vec(1));
        asm.vaddps(vec(2), vec(2), vec(3));
        asm.vaddps(vec(0), vec(0), vec(2));
        acrossLanes(vec(0), spare, asm::vaddps);
    }

    private void deriveFactor() {
        Vec mean = xmm(vec(0));
        asm.vdivss(mean, mean, xmm(count));
        asm.vaddss(mean, mean, FIRST);
        asm.vsqrtss(mean, mean, mean);
        asm.vdivss(mean, xmm(one), mean);
        asm.vbroadcastss(factor, mean);
    }
}
