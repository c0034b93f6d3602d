package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Rows of plain numbers, without blocks. */
final class PlainRows {

    static final RowFormat F32 = new Float32();
    static final RowFormat F16 = new Float16();
    static final RowFormat BF16 = new BrainFloat16();

    private PlainRows() {
    }

    private static final class Float32 implements RowFormat {

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int i = 0; i < count; i += Lanes.COUNT) {
                Lanes.store(Lanes.load(source + 4L * i), target + 4L * i);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < count; i += Lanes.COUNT) {
                sum = Lanes.load(row + 4L * i).fma(Lanes.load(x + 4L * i), sum);
            }
            return sum.reduceLanes(ADD);
        }
    }

    private static final class Float16 implements RowFormat {

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int i = 0; i < count; i += Lanes.COUNT) {
                Lanes.store(halves(source + 2L * i), target + 4L * i);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < count; i += Lanes.COUNT) {
                sum = halves(row + 2L * i).fma(Lanes.load(x + 4L * i), sum);
            }
            return sum.reduceLanes(ADD);
        }

        /**
         * Finite half-precision numbers, exactly; infinities and NaN become large numbers. Moving the exponent over makes
         * 2^-15 · (1 + m) of a subnormal 2^-14 · m, so those are doubled and lose 2^-14. (Multiplying the moved bits by 2^112
         * is shorter, but a subnormal operand costs Intel processors 150 cycles.)
         */
        private static FloatVector halves(long address) {
            IntVector bits = Lanes.shorts(address).lanewise(LSHL, 13);
            FloatVector moved = bits.and(0x0fffe000).add(112 << 23).reinterpretAsFloats();
            FloatVector value = moved.add(moved.sub(0x1p-14f), moved.compare(LT, 0x1p-14f));
            return value.reinterpretAsInts().lanewise(OR, bits.and(0x80000000)).reinterpretAsFloats();
        }
    }

    private static final class BrainFloat16 implements RowFormat {

        @Override
        public void decode(long source, long target, int count, long scratch) {
            for (int i = 0; i < count; i += Lanes.COUNT) {
                Lanes.store(upperHalves(source + 2L * i), target + 4L * i);
            }
        }

        @Override
        public float dot(long row, long x, int count, long scratch) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < count; i += Lanes.COUNT) {
                sum = upperHalves(row + 2L * i).fma(Lanes.load(x + 4L * i), sum);
            }
            return sum.reduceLanes(ADD);
        }

        private static FloatVector upperHalves(long address) {
            return Lanes.shorts(address).lanewise(LSHL, 16).reinterpretAsFloats();
        }
    }
}
