package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Generates the rotation of pairs of channels (a, b) to (a · cos - b · sin, a · sin + b · cos), head by head.
 *
 * <p>Of the argument block, target is x with its heads one after the other, source the cosines, other the sines; columns are the
 * pairs of a head, so that cosines and sines have rows of as many. The first parameter is the number of heads, at least 1, the
 * second the bytes of a head.
 */
abstract class RopeCode extends RowCode {

    private static final Gpr HEADS = Gpr.RBX;

    final Vec cosine = vec(0);
    final Vec sine = vec(1);
    final Vec x = vec(2);
    final Vec turned = vec(3);

    RopeCode(Isa isa) {
        super(isa);
    }

    /** Channels i and i + pairs form a pair. */
    static byte[] halves(Isa isa) {
        return new Halves(isa).generate();
    }

    /** Channels 2i and 2i + 1 form a pair. */
    static byte[] adjacent(Isa isa) {
        return new Adjacent(isa).generate();
    }

    /** Emits the rotation of the head at {@link #TARGET}. */
    abstract void head();

    @Override
    final void row() {
        Label next = new Label();
        asm.mov(HEADS, FIRST);
        asm.place(next);
        head();
        asm.add(TARGET, SECOND);
        asm.sub(HEADS, 1);
        asm.jump(Condition.NOT_EQUAL, next);
        nextRow(SOURCE);
        nextRow(OTHER);
    }

    private static final class Halves extends RopeCode {

        private static final Gpr UPPER = Gpr.R11;

        private final Vec b = vec(4);

        Halves(Isa isa) {
            super(isa);
        }

        @Override
        void head() {
            asm.lea(UPPER, Mem.at(TARGET, COLUMNS, Float.BYTES, 0));
            eachVector(COLUMNS, 1, part -> {
                load(cosine, at(SOURCE));
                load(sine, at(OTHER));
                load(x, at(TARGET));
                load(b, at(UPPER));
                asm.vmulps(turned, b, sine);
                asm.vmulps(b, b, cosine);
                asm.vfmadd231ps(b, x, sine);
                asm.vmulps(x, x, cosine);
                asm.vsubps(x, x, turned);
                store(at(TARGET), x);
                store(at(UPPER), b);
            });
        }
    }

    private static final class Adjacent extends RopeCode {

        private static final Gpr CHANNELS = Gpr.R11;
        private static final int NEIGHBOUR = 0b10_11_00_01;

        private final Vec twice = vec(4);

        Adjacent(Isa isa) {
            super(isa);
        }

        /** Mask 1 covers the channels of the tail, mask 2 its angles. */
        @Override
        void prepare() {
            asm.mov(HEADS, COLUMNS);
            asm.add(HEADS, COLUMNS);
            tailMask(1, HEADS, isa.lanes());
            tailMask(2, COLUMNS, isa.lanes() / 2);
            lanes(twice, 0x03030202_01010000L, 0x07070606_05050404L);
        }

        @Override
        void head() {
            asm.lea(CHANNELS, Mem.at(COLUMNS, COLUMNS, 1, 0));
            eachVector(CHANNELS, 1, part -> {
                loadTwice(cosine, atHalf(SOURCE));
                loadTwice(sine, atHalf(OTHER));
                load(x, at(TARGET));
                asm.vpermilps(turned, x, NEIGHBOUR);
                asm.vmulps(turned, turned, sine);
                asm.vfmaddsub213ps(x, cosine, turned);
                store(at(TARGET), x);
            });
        }

        /** Half a vector, each number for two lanes. */
        private void loadTwice(Vec angles, Mem source) {
            load(angles.as(isa.vectorBytes() / 2), source, 2);
            asm.vpermps(angles, twice, angles);
        }
    }
}
