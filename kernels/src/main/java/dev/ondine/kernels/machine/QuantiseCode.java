package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;

/**
 * Generates the quantisation of activations: rows of floats become rows of records, see {@link ActivationLayout}.
 *
 * <p>The scale d of a record is the largest |x| of its 32 over 127, and q is x / d rounded to nearest, ties to even. Columns after the
 * last count as 0. Where all |x| are below 1e-36, d and q are 0. Where an x is infinite or NaN, d is infinite or NaN.
 *
 * <p>The argument block, in 64-bit numbers: {x address, bytes between rows of x, target address, bytes between rows of the target,
 * rows, columns, -z, e}. Of the sums f of the first and g of the last 16 q of a record, its first offset sum is -z · f + e · g, the
 * second -z · g. For weights of zero point z, e is -z if they have one scale a block, 0 if two.
 *
 * <p>One version serves all instruction sets. Most of the work is in 128 bits and less; on vectors of 512 bits it would have
 * fewer ports.
 */
final class QuantiseCode extends VectorCode {

    /** Offset of the argument that {@link ArgumentBlock#call(MachineCode, long, long, long, long, long, long, long)} leaves out. */
    static final int SECOND_IN_FIRST = 56;

    private static final int VECTORS = 4;
    private static final Gpr X = Gpr.RSI;
    private static final Gpr TARGET = Gpr.RDX;
    private static final Gpr RECORD = Gpr.RCX;
    private static final Gpr ROWS = Gpr.R8;
    private static final Gpr COLUMNS = Gpr.R9;
    private static final Gpr LEFT = Gpr.R11;
    private static final int NOT_LESS = 5;

    private final Vec largest = vec(4);
    private final Vec spare = vec(5);
    private final Vec scale = vec(6);
    private final Vec sums = vec(7);
    private final Vec numbers127 = vec(8);
    private final Vec ones = vec(9);
    private final Vec minusZero = vec(10);
    private final Vec order = vec(11);
    private final Vec lane = vec(12);
    private final Vec mask = vec(13);
    private final Vec secondInFirst = vec(14);
    private final VecOrMem magnitude = constant(0x7FFF_FFFF);
    private final VecOrMem tiny = constant(1e-36f);
    private final VecOrMem minus127 = constant(0x8181_8181);
    private final VecOrMem shortOnes = constant(0x0001_0001);

    private QuantiseCode() {
        super(Isa.AVX2);
    }

    static byte[] of() {
        return new QuantiseCode().generate();
    }

    private byte[] generate() {
        asm.mov(X, Mem.at(Gpr.RDI));
        asm.mov(TARGET, Mem.at(Gpr.RDI, 16));
        asm.mov(ROWS, Mem.at(Gpr.RDI, 32));
        asm.mov(COLUMNS, Mem.at(Gpr.RDI, 40));
        asm.vpbroadcastd(minusZero, Mem.at(Gpr.RDI, 48));
        asm.vpbroadcastd(secondInFirst, Mem.at(Gpr.RDI, SECOND_IN_FIRST));
        spread(numbers127, Float.floatToRawIntBits(127));
        spread(ones, 0x0101_0101);
        lanes(order, 0x07030602_05010400L);
        lanes(lane, 0x07060504_03020100L);
        eachRow(ROWS, this::row);
        return finish();
    }

    private void row() {
        Label next = new Label();
        Label tail = new Label();
        Label done = new Label();
        asm.mov(RECORD, TARGET);
        asm.xor(AT, AT);
        asm.place(next);
        asm.mov(LEFT, COLUMNS);
        asm.sub(LEFT, AT);
        asm.cmp(LEFT, ActivationLayout.RECORD_COLUMNS);
        asm.jump(Condition.LESS, tail);
        loadWhole();
        record();
        asm.jump(next);
        asm.place(tail);
        asm.test(LEFT, LEFT);
        asm.jump(Condition.EQUAL, done);
        loadTail();
        record();
        asm.place(done);
        asm.add(X, Mem.at(Gpr.RDI, 8));
        asm.add(TARGET, Mem.at(Gpr.RDI, 24));
    }

    private void loadWhole() {
        for (int i = 0; i < VECTORS; i++) {
            asm.vmovups(vec(i), Mem.at(X, AT, Float.BYTES, i * isa.vectorBytes()));
        }
    }

    private void loadTail() {
        for (int i = 0; i < VECTORS; i++) {
            asm.vmovups(mask, lane);
            signWhereBelow(mask, LEFT, spare);
            asm.vmaskmovps(vec(i), mask, Mem.at(X, AT, Float.BYTES, i * isa.vectorBytes()));
            asm.sub(LEFT, isa.lanes());
        }
    }

    /** Writes the record of vectors 0 to 3. */
    private void record() {
        findLargest();
        deriveScale();
        divideAndRound();
        packBytes();
        sumBytes();
        asm.add(AT, ActivationLayout.RECORD_COLUMNS);
        asm.add(RECORD, ActivationLayout.RECORD_BYTES);
    }

    /** Bits of magnitudes compare as whole numbers, NaN above all. */
    private void findLargest() {
        asm.vpand(largest, vec(0), magnitude);
        for (int i = 1; i < VECTORS; i++) {
            asm.vpand(spare, vec(i), magnitude);
            asm.vpmaxsd(largest, largest, spare);
        }
        acrossLanes(largest, spare, asm::vpmaxsd);
    }

    /** Stores d; scale = 1 / d. Both are 0 where the largest is so small that 1 / d might overflow. */
    private void deriveScale() {
        Vec large = xmm(spare);
        asm.vcmpps(large, xmm(largest), tiny, NOT_LESS);
        asm.vdivss(xmm(scale), xmm(numbers127), xmm(largest));
        asm.vpand(xmm(scale), xmm(scale), large);
        asm.vbroadcastss(scale, xmm(scale));
        asm.vdivss(xmm(largest), xmm(largest), xmm(numbers127));
        asm.vpand(xmm(largest), xmm(largest), large);
        asm.vmovss(Mem.at(RECORD, ActivationLayout.SCALE), xmm(largest));
    }

    private void divideAndRound() {
        for (int i = 0; i < VECTORS; i++) {
            asm.vmulps(vec(i), vec(i), scale);
            asm.vcvtps2dq(vec(i), vec(i));
        }
    }

    /** Packing works within 128 bits, so that fours of columns come out of order. */
    private void packBytes() {
        asm.vpackssdw(vec(0), vec(0), vec(1));
        asm.vpackssdw(vec(2), vec(2), vec(3));
        asm.vpacksswb(vec(0), vec(0), vec(2));
        asm.vpermd(vec(0), order, vec(0));
        asm.vpmaxsb(vec(0), vec(0), minus127);
        asm.vmovups(Mem.at(RECORD), vec(0));
    }

    private void sumBytes() {
        asm.vpmaddubsw(sums, ones, vec(0));
        asm.vpmaddwd(sums, sums, shortOnes);
        acrossFour(sums, spare, asm::vpaddd);
        Vec first = xmm(sums);
        Vec second = xmm(vec(1));
        Vec both = xmm(vec(2));
        asm.vextractf128(second, sums, 1);
        asm.vpaddd(both, first, second);
        asm.vcvtdq2ps(both, both);
        asm.vmulss(both, both, xmm(largest));
        asm.vmovss(Mem.at(RECORD, ActivationLayout.SUM), both);
        asm.vpmulld(first, first, xmm(minusZero));
        asm.vpmulld(both, second, xmm(secondInFirst));
        asm.vpaddd(first, first, both);
        asm.vmovss(Mem.at(RECORD, ActivationLayout.FIRST_OFFSET_SUM), first);
        asm.vpmulld(second, second, xmm(minusZero));
        asm.vmovss(Mem.at(RECORD, ActivationLayout.SECOND_OFFSET_SUM), second);
    }
}
