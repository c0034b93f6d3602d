package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.machine.AttentionFrame.Field;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;

/** Makes the kernel that adds up the partial results of the segments of one record, in their order, and writes the output. */
final class MergeCode extends AttentionCode {

    MergeCode(Isa isa) {
        super(isa);
    }

    @Override
    void item() {
        Label part = new Label();
        asm.lea(Gpr.RAX, Mem.at(Gpr.RDI, AttentionFrame.RUNNING_STATE));
        asm.mov(Gpr.RDX, Argument.RUNNING_SUMS.at());
        clearSums();
        asm.mov(Gpr.R12, Field.PARTS.at());
        partialState();
        asm.place(part);
        asm.mov(Argument.STATE.at(), Gpr.RAX);
        asm.add(Gpr.RAX, tilePairs * AttentionFrame.stateBytes(isa));
        asm.mov(Argument.SUMS.at(), Gpr.RAX);
        fold();
        asm.mov(Gpr.RAX, Argument.SUMS.at());
        asm.add(Gpr.RAX, Argument.TILE_SUMS.at());
        asm.sub(Gpr.R12, 1);
        asm.jump(Condition.NOT_EQUAL, part);
        writeOutput();
    }
}
