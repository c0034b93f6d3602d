package dev.ondine.kernels.x86;

import dev.ondine.kernels.x86.VectorOp.Form;
import dev.ondine.kernels.x86.VectorOp.Unit;

/** Chooses between the VEX and EVEX encodings of vector instructions and writes them. VEX where it can say the same: it is shorter. */
class VectorEncoding extends GeneralInstructions {

    /**
     * @param reg    number in ModRM.reg: a vector register, or an opcode extension
     * @param second number in vvvv; 0 where the instruction has none
     * @param result whose width, mask and zeroing count
     * @param rm     register or memory
     */
    final void encode(VectorOp op, Vec result, int reg, int second, VecOrMem rm) {
        boolean broadcast = rm instanceof Mem mem && mem.broadcast();
        boolean high = reg > 15 || second > 15 || rm instanceof Vec vec && vec.index() > 15;
        boolean evex = op.form == Form.EVEX || result.needsEvex() || high || broadcast;
        if (evex && op.form == Form.VEX) {
            throw new IllegalArgumentException("%s has no AVX-512 form for %s".formatted(op, result));
        }
        if (broadcast && op.unit != Unit.ELEMENTS) {
            throw new IllegalArgumentException("%s cannot broadcast %s".formatted(op, rm));
        }
        if (evex) {
            evexPrefix(op, result, reg, second, rm, broadcast);
        } else {
            vexPrefix(op.prefix, op.map, op.w, result.bytes() == 32 ? 1 : 0, reg, second, rm);
        }
        put(op.opcode);
        switch (rm) {
            case Vec vec -> modRmRegister(reg, vec.index());
            case Mem mem -> modRmMemory(reg, mem, evex ? op.unit.bytes(result.bytes(), broadcast) : 1);
        }
    }

    /**
     * For instructions whose ModRM.rm is the target and whose width is that of the source. A register takes the target's own mask,
     * memory the source's.
     */
    final void encodeFrom(VectorOp op, Vec source, VecOrMem target) {
        if (target instanceof Mem && source.zeroing()) {
            throw new IllegalArgumentException("%s of %s cannot zero memory".formatted(op, source));
        }
        encode(op, target instanceof Vec vec ? source.masked(vec) : source, source.index(), 0, target);
    }

    /** For instructions whose ModRM.rm is a general register. */
    final void encode(VectorOp op, Vec result, Gpr rm) {
        encode(op, result, result.index(), 0, Vec.xmm(rm.ordinal()));
    }

    final void vexPrefix(int prefix, int map, int w, int length, int reg, int second, VecOrMem rm) {
        int notR = reg < 8 ? 0x80 : 0;
        int tail = (~second & 15) << 3 | length << 2 | prefix;
        int x = high(rm instanceof Mem mem ? GeneralInstructions.indexOf(mem) : 0);
        int b = high(baseOf(rm));
        if (map == 1 && w == 0 && x == 0 && b == 0) {
            put(0xC5, notR | tail);
        } else {
            put(0xC4, notR | (x ^ 1) << 6 | (b ^ 1) << 5 | map, w << 7 | tail);
        }
    }

    private void evexPrefix(VectorOp op, Vec result, int reg, int second, VecOrMem rm, boolean broadcast) {
        int x = rm instanceof Mem mem ? high(GeneralInstructions.indexOf(mem)) : baseOf(rm) >> 4 & 1;
        int notRxbr = (~reg & 8) << 4 | (x ^ 1) << 6 | (high(baseOf(rm)) ^ 1) << 5 | (~reg & 16);
        int length = result.bytes() == 64 ? 2 : result.bytes() == 32 ? 1 : 0;
        put(0x62, notRxbr | op.map, op.w << 7 | (~second & 15) << 3 | 4 | op.prefix,
                (result.zeroing() ? 0x80 : 0) | length << 5 | (broadcast ? 0x10 : 0) | (~second & 16) >> 1 | result.mask());
    }

    /** Bit 3 of a register number, which the prefixes carry. */
    private static int high(int number) {
        return number >> 3 & 1;
    }

    private static int baseOf(VecOrMem rm) {
        return switch (rm) {
            case Vec vec -> vec.index();
            case Mem mem -> mem.base().ordinal();
        };
    }
}
