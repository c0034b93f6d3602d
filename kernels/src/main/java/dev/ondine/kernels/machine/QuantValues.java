package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Vec;

/** Values in Q8_0 as {@link StoreQuantKvCode} lays them out. A block's scales become floats once; r10 follows a position's. */
record QuantValues(AttentionCode code) implements MixCode.ValueLoader {

    private static final int GROUP_BITS = Integer.numberOfTrailingZeros(QuantBlockCode.FLOATS);
    /** Of AVX2's registers none of the sums, values and weights. */
    private static final int SPARE = 13;

    @Override
    public int valueBytes() {
        return 1;
    }

    /** 32 positions times channels / 32 scales: as many as channels. */
    @Override
    public void beginBlock() {
        code.asm.mov(Gpr.RAX, Gpr.R13);
        code.asm.shl(Gpr.RAX, Integer.numberOfTrailingZeros(AttentionFrame.BLOCK));
        code.asm.add(Gpr.RAX, Argument.BLOCK_VALUES.at());
        code.asm.mov(Gpr.RDX, Argument.VALUE_SCALES.at());
        code.asm.mov(Gpr.RCX, Gpr.R13);
        code.asm.shr(Gpr.RCX, Integer.numberOfTrailingZeros(code.isa.lanes()));
        code.countDown(Gpr.RCX, () -> {
            code.asm.vcvtph2ps(code.vec(0), at(Gpr.RAX));
            code.asm.vmovups(at(Gpr.RDX), code.vec(0));
            code.asm.add(Gpr.RAX, code.isa.vectorBytes() / 2);
            code.asm.add(Gpr.RDX, code.isa.vectorBytes());
        });
        // Bytes before the first value that counts, over 32, are floats of scales before its own.
        code.asm.mov(Gpr.RAX, Argument.VALUES.at());
        code.asm.sub(Gpr.RAX, Argument.BLOCK_VALUES.at());
        toScales();
        code.asm.add(Gpr.RAX, Argument.VALUE_SCALES.at());
        code.asm.mov(Argument.FIRST_SCALE.at(), Gpr.RAX);
    }

    private void toScales() {
        code.asm.shr(Gpr.RAX, GROUP_BITS);
        code.asm.shl(Gpr.RAX, 2);
    }

    @Override
    public void beginStep() {
        code.asm.push(Gpr.RAX);
        code.asm.sub(Gpr.RAX, Argument.VALUES.at());
        toScales();
        code.asm.mov(Gpr.R10, Gpr.RAX);
        code.asm.add(Gpr.R10, Argument.FIRST_SCALE.at());
        code.asm.pop(Gpr.RAX);
    }

    @Override
    public void load(Vec target, int slot) {
        code.asm.vpmovsxbd(target, at(Gpr.RAX, slot * code.isa.lanes()));
        code.asm.vcvtdq2ps(target, target);
        var scale = at(Gpr.R10, slot * code.isa.lanes() / QuantBlockCode.FLOATS * Float.BYTES);
        if (code.isa.isAvx512()) {
            code.asm.vmulps(target, target, scale.toAll());
        } else {
            code.asm.vbroadcastss(code.vec(SPARE), scale);
            code.asm.vmulps(target, target, code.vec(SPARE));
        }
    }

    /** A position has a byte per channel and a scale per 32: a float per 32 bytes. */
    @Override
    public void nextPosition() {
        code.asm.add(Gpr.R10, Argument.SCALES_STEP.at());
    }
}
