package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Generates the rounding of rows of floats to bfloat16, to nearest and ties to even, for {@link Isa#AMX}. Target rows are padded with
 * zeros to a multiple of 32 columns, which is 64 bytes. The instruction takes subnormal floats for 0.
 *
 * <p>The argument block, in 64-bit numbers: {x address, bytes between rows of x, target address, bytes between rows of the target,
 * rows, columns}.
 */
final class Bfloat16Code extends VectorCode {

    private static final int COLUMNS_PER_VECTOR = 32;
    private static final Gpr X = Gpr.RSI;
    private static final Gpr TARGET = Gpr.RDX;
    private static final Gpr ROWS = Gpr.R8;
    private static final Gpr COLUMNS = Gpr.R9;

    private final Vec lower = vec(0);
    private final Vec upper = vec(1);

    private Bfloat16Code() {
        super(Isa.AMX);
    }

    static byte[] of() {
        return new Bfloat16Code().generate();
    }

    private byte[] generate() {
        asm.mov(X, Mem.at(Gpr.RDI));
        asm.mov(TARGET, Mem.at(Gpr.RDI, 16));
        asm.mov(ROWS, Mem.at(Gpr.RDI, 32));
        asm.mov(COLUMNS, Mem.at(Gpr.RDI, 40));
        prepareMasks();
        eachRow(ROWS, this::row);
        return finish();
    }

    /** Mask 1 covers the first 16 columns after the last whole vector, mask 2 the 16 after those. */
    private void prepareMasks() {
        asm.mov(Gpr.RAX, COLUMNS);
        asm.and(Gpr.RAX, COLUMNS_PER_VECTOR - 1);
        asm.mov(Gpr.R11, -1);
        asm.bzhi32(Gpr.RAX, Gpr.R11, Gpr.RAX);
        asm.kmovd(1, Gpr.RAX);
        asm.shr(Gpr.RAX, 16);
        asm.kmovd(2, Gpr.RAX);
    }

    private void row() {
        Label next = new Label();
        Label tail = new Label();
        Label done = new Label();
        asm.xor(AT, AT);
        asm.place(next);
        asm.lea(Gpr.RAX, Mem.at(AT, COLUMNS_PER_VECTOR));
        asm.cmp(Gpr.RAX, COLUMNS);
        asm.jump(Condition.ABOVE, tail);
        round(lower, upper);
        asm.mov(AT, Gpr.RAX);
        asm.jump(next);
        asm.place(tail);
        asm.cmp(AT, COLUMNS);
        asm.jump(Condition.EQUAL, done);
        round(lower.zeroed(1), upper.zeroed(2));
        asm.place(done);
        asm.add(X, Mem.at(Gpr.RDI, 8));
        asm.add(TARGET, Mem.at(Gpr.RDI, 24));
    }

    private void round(Vec lowerLanes, Vec upperLanes) {
        asm.vmovups(lowerLanes, Mem.at(X, AT, Float.BYTES, 0));
        asm.vmovups(upperLanes, Mem.at(X, AT, Float.BYTES, isa.vectorBytes()));
        asm.vcvtne2ps2bf16(lower, upper, lower);
        asm.vmovups(Mem.at(TARGET, AT, Short.BYTES, 0), lower);
    }
}
