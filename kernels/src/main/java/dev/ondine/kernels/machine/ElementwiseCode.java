package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Vec;

/**
 * Generates kernels that change every number on its own, y = f(y, x): sums and products.
 *
 * <p>Of the argument block, target is y, source is x; the first parameter says how many bytes lie between the rows of x, 0 for
 * the same row each time; the second is a float that the function may take.
 */
abstract class ElementwiseCode extends RowCode {

    final Vec y = vec(0);
    final Vec x = vec(1);
    /** The float in every lane. */
    final Vec parameter = vec(2);

    ElementwiseCode(Isa isa) {
        super(isa);
    }

    /** y += x. */
    static byte[] add(Isa isa) {
        return new ElementwiseCode(isa) {
            @Override
            void function() {
                load(x, at(SOURCE));
                asm.vaddps(y, y, x);
            }
        }.generate();
    }

    /** y *= parameter; x is not read. */
    static byte[] scale(Isa isa) {
        return new ElementwiseCode(isa) {
            @Override
            void function() {
                asm.vmulps(y, y, parameter);
            }
        }.generate();
    }

    /** Emits the function on one vector: {@link #y} is loaded before and stored after. */
    abstract void function();

    @Override
    void prepare() {
        super.prepare();
        asm.vbroadcastss(parameter, SECOND);
    }

    @Override
    final void row() {
        eachVector(COLUMNS, 2, part -> {
            load(y, at(TARGET));
            function();
            store(at(TARGET), y);
        });
        nextRow(TARGET);
        asm.add(SOURCE, FIRST);
    }
}
