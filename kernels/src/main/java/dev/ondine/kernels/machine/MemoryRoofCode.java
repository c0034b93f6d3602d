package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;

/** Generates a loop that loads memory in ascending order and does nothing with it. Argument block: {@link #ADDRESS}, {@link #BYTES}. */
final class MemoryRoofCode {

    static final int ADDRESS = 0;
    /** A multiple of {@link #STEP_BYTES}, not 0. */
    static final int BYTES = 8;
    static final int STEP_BYTES = 512;

    private MemoryRoofCode() {
    }

    static byte[] of(Isa isa) {
        Assembler asm = new Assembler();
        asm.mov(RSI, Mem.at(RDI, ADDRESS));
        asm.mov(RCX, Mem.at(RDI, BYTES));
        Label step = new Label();
        asm.place(step);
        for (int offset = 0; offset < STEP_BYTES; offset += isa.vectorBytes()) {
            asm.vmovups(isa.vec(offset / isa.vectorBytes()), Mem.at(RSI, offset));
        }
        asm.add(RSI, STEP_BYTES);
        asm.sub(RCX, STEP_BYTES);
        asm.jump(Condition.NOT_EQUAL, step);
        asm.vzeroupper();
        asm.ret();
        return asm.toBytes();
    }
}
