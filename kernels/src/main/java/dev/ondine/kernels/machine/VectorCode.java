package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;
import java.util.function.IntConsumer;

/**
 * What the generators of loops over vectors share: constants at hand, and loops over any count of floats that touch nothing
 * behind the last one.
 *
 * <p>Registers: rdi holds the argument block, r10 the place of a loop, rax and r11 are for moments. Vectors 0 to 13 are free;
 * 14 and 15 hold the masks of tails on AVX2; from 16 on they hold constants on AVX-512.
 */
abstract class VectorCode {

    /** Elements before the current vector of a loop. */
    static final Gpr AT = Gpr.R10;
    private static final int MOST_CONSTANTS = 16;
    private static final int FRAME_ALIGNMENT = -64;

    final Isa isa;
    final Assembler asm = new Assembler();
    private int constants;
    /** Which vector of a step of the loop is written now. */
    private int part;
    private boolean isTail;

    VectorCode(Isa isa) {
        this.isa = isa;
        asm.push(Gpr.RBP);
        asm.mov(Gpr.RBP, Gpr.RSP);
        asm.push(Gpr.RBX);
        if (!isa.isAvx512()) {
            asm.sub(Gpr.RSP, MOST_CONSTANTS * isa.vectorBytes());
            asm.and(Gpr.RSP, FRAME_ALIGNMENT);
        }
    }

    final byte[] finish() {
        asm.lea(Gpr.RSP, Mem.at(Gpr.RBP, -Long.BYTES));
        asm.pop(Gpr.RBX);
        asm.pop(Gpr.RBP);
        asm.vzeroupper();
        asm.ret();
        return asm.toBytes();
    }

    final Vec vec(int index) {
        return isa.vec(index);
    }

    final Vec xmm(Vec vector) {
        return vector.as(16);
    }

    /** A number in every lane, for the rest of the kernel: in a register, or on the stack where registers are few. */
    final VecOrMem constant(float value) {
        return constant(Float.floatToRawIntBits(value));
    }

    /** 32 bits in every lane. Overwrites vector 0. */
    final VecOrMem constant(int bits) {
        if (constants == MOST_CONSTANTS) {
            throw new IllegalStateException("a kernel has at most %d constants".formatted(MOST_CONSTANTS));
        }
        int slot = constants++;
        if (isa.isAvx512()) {
            return spread(vec(31 - slot), bits);
        }
        Mem place = Mem.at(Gpr.RSP, slot * isa.vectorBytes());
        asm.vmovups(place, spread(vec(0), bits));
        return place;
    }

    /** 32 bits in every lane of a register. */
    final Vec spread(Vec target, int bits) {
        asm.mov(Gpr.RAX, Integer.toUnsignedLong(bits));
        asm.vmovd(xmm(target), Gpr.RAX);
        asm.vpbroadcastd(target, xmm(target));
        return target;
    }

    /** One byte per 32-bit lane, the lowest eight first. */
    final void lanes(Vec target, long... bytes) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            asm.mov(Gpr.RAX, bytes[i]);
            asm.push(Gpr.RAX);
        }
        asm.vpmovzxbd(target, Mem.at(Gpr.RSP));
        asm.add(Gpr.RSP, bytes.length * Long.BYTES);
    }

    /** Prepares the loops over {@code count} elements: mask 1 will cover what is left after whole vectors. */
    final void prepareTail(Gpr count) {
        tailMask(1, count, isa.lanes());
    }

    /** Mask 1 or 2 covers the elements that are left of {@code count} after whole vectors of {@code lanes}. */
    final void tailMask(int number, Gpr count, int lanes) {
        asm.mov(Gpr.RAX, count);
        asm.and(Gpr.RAX, lanes - 1);
        if (isa.isAvx512()) {
            asm.mov(Gpr.R11, -1);
            asm.bzhi32(Gpr.RAX, Gpr.R11, Gpr.RAX);
            asm.kmovd(number, Gpr.RAX);
        } else {
            asm.mov(Gpr.R11, Gpr.RAX);
            lanes(maskVector(number), 0x07060504_03020100L);
            signWhereBelow(maskVector(number), Gpr.R11, vec(0));
        }
    }

    /** Sets the sign bit of the lanes of {@code numbers} that are below {@code limit}. */
    final void signWhereBelow(Vec numbers, Gpr limit, Vec spare) {
        asm.vmovd(xmm(spare), limit);
        asm.vpbroadcastd(spare, xmm(spare));
        asm.vpsubd(numbers, numbers, spare);
    }

    private Vec maskVector(int number) {
        return vec(16 - number);
    }

    /**
     * Runs the body over {@code count} elements: steps of several vectors, then single ones, then the tail as part 0.
     *
     * @param body emits the work on one vector, given its number within the step
     */
    final void eachVector(Gpr count, int vectorsPerStep, IntConsumer body) {
        asm.xor(AT, AT);
        wholeVectors(count, vectorsPerStep, body);
        if (vectorsPerStep > 1) {
            wholeVectors(count, 1, body);
        }
        Label done = new Label();
        asm.cmp(AT, count);
        asm.jump(Condition.EQUAL, done);
        isTail = true;
        body.accept(0);
        isTail = false;
        asm.place(done);
    }

    private void wholeVectors(Gpr count, int vectorsPerStep, IntConsumer body) {
        int step = vectorsPerStep * isa.lanes();
        Label next = new Label();
        Label done = new Label();
        asm.lea(Gpr.RAX, Mem.at(AT, step));
        asm.cmp(Gpr.RAX, count);
        asm.jump(Condition.ABOVE, done);
        asm.place(next);
        for (part = 0; part < vectorsPerStep; part++) {
            body.accept(part);
        }
        part = 0;
        asm.mov(AT, Gpr.RAX);
        asm.add(Gpr.RAX, step);
        asm.cmp(Gpr.RAX, count);
        asm.jump(Condition.BELOW_OR_EQUAL, next);
        asm.place(done);
    }

    /** The loop's current vector of the floats from this address. */
    final Mem at(Gpr first) {
        return Mem.at(first, AT, Float.BYTES, part * isa.vectorBytes());
    }

    /** The loop's current vector of numbers of which there is one per two floats. */
    final Mem atHalf(Gpr first) {
        return Mem.at(first, AT, Float.BYTES / 2, part * isa.vectorBytes() / 2);
    }

    /** Loads the current vector; lanes behind the last element become zero. */
    final void load(Vec target, Mem source) {
        load(target, source, 1);
    }

    /** The same with mask 1 or 2 in the tail. */
    final void load(Vec target, Mem source, int mask) {
        if (!isTail) {
            asm.vmovups(target, source);
        } else if (isa.isAvx512()) {
            asm.vmovups(target.zeroed(mask), source);
        } else {
            asm.vmaskmovps(target, maskVector(mask).as(target.bytes()), source);
        }
    }

    /** Loads the current vector; lanes behind the last element become those of {@code filler}. */
    final void loadOr(Vec target, Mem source, Vec filler) {
        if (!isTail) {
            asm.vmovups(target, source);
        } else if (isa.isAvx512()) {
            asm.vmovups(target, filler);
            asm.vmovups(target.merged(1), source);
        } else {
            asm.vmaskmovps(target, maskVector(1), source);
            asm.vblendvps(target, filler, target, maskVector(1));
        }
    }

    final void store(Mem target, Vec source) {
        if (!isTail) {
            asm.vmovups(target, source);
        } else if (isa.isAvx512()) {
            asm.vmovups(target, source.merged(1));
        } else {
            asm.vmaskmovps(target, maskVector(1), source);
        }
    }

    /** Combines two vectors into the target, as additions do. */
    interface Combination {
        void combine(Vec target, Vec a, Vec b);
    }

    /** Combines all lanes of a vector; the result stands in every lane of its lowest 128 bits. */
    final void acrossLanes(Vec vector, Vec spare, Combination combination) {
        if (isa.isAvx512()) {
            asm.vextractf64x4(spare.as(32), vector, 1);
            combination.combine(vector.as(32), vector.as(32), spare.as(32));
        }
        asm.vextractf128(xmm(spare), vector.as(32), 1);
        combination.combine(xmm(vector), xmm(vector), xmm(spare));
        acrossFour(xmm(vector), xmm(spare), combination);
    }

    /** Combines the four lanes of every 128 bits. */
    final void acrossFour(Vec vector, Vec spare, Combination combination) {
        for (int neighbours : new int[] {0b01_00_11_10, 0b10_11_00_01}) {
            asm.vpshufd(spare, vector, neighbours);
            combination.combine(vector, vector, spare);
        }
    }

    /** Runs the row's work {@code rows} times, which may be none. */
    final void eachRow(Gpr rows, Runnable row) {
        Label next = new Label();
        Label done = new Label();
        asm.test(rows, rows);
        asm.jump(Condition.EQUAL, done);
        asm.place(next);
        row.run();
        asm.sub(rows, 1);
        asm.jump(Condition.NOT_EQUAL, next);
        asm.place(done);
    }
}
