package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Vec;

/**
 * Emits sums += weight · value over the positions of a block, for a tile of pairs. A sum takes the positions in their order.
 *
 * <p>Registers: r8 holds the sums, r11 follows the first channel of the step, rsi what to prefetch, rbx counts the slots left,
 * r10 is the values' own. WEIGHTS,
 * VALUES and POSITIONS of the frame say where to begin and how long. Afterwards r8 points at the sums of the next tile.
 */
record MixCode(AttentionCode code, ValueLoader values) {

    /** How values become floats. */
    interface ValueLoader {

        /** Bytes of a value. */
        int valueBytes();

        /** Emits what a block needs once. */
        void beginBlock();

        /** Emits what a step over some slots needs once. */
        void beginStep();

        /** Emits the load of a slot, from the channels at rax. */
        void load(Vec target, int slot);

        /** Emits what follows a position. */
        void nextPosition();
    }

    /** In AVX-512 the constants of {@link ExpCode} begin here. */
    private static final int FREE_VECTORS = 19;

    void emit(int pairs) {
        int wide = Math.min(4, 16 / pairs / (code.isa.isAvx512() ? 1 : 2));
        code.asm.mov(Gpr.R11, Argument.VALUES.at());
        code.asm.mov(Gpr.RBX, Argument.SLOTS.at());
        if (wide > 1) {
            steps(pairs, wide, wide == 4 ? Argument.BELOW_FOUR : Argument.BELOW_TWO);
        }
        steps(pairs, 1, Argument.PARTIAL_SLOT);
        lastSlot(pairs);
    }

    private void steps(int pairs, int slots, Argument tooFew) {
        Label next = new Label();
        Label done = new Label();
        code.asm.place(next);
        code.asm.cmp(Gpr.RBX, tooFew.at());
        code.asm.jump(Condition.LESS_OR_EQUAL, done);
        step(pairs, slots, false);
        code.asm.add(Gpr.R11, slots * code.isa.lanes() * values.valueBytes());
        code.asm.sub(Gpr.RBX, slots);
        code.asm.jump(next);
        code.asm.place(done);
    }

    private void lastSlot(int pairs) {
        Label none = new Label();
        code.asm.test(Gpr.RBX, Gpr.RBX);
        code.asm.jump(Condition.EQUAL, none);
        if (!code.isa.isAvx512()) {
            code.backByMissingLanes(Gpr.R11, Gpr.RAX, values.valueBytes());
        }
        step(pairs, 1, code.isa.isAvx512());
        code.asm.place(none);
    }

    private void step(int pairs, int slots, boolean isMasked) {
        moveSums(pairs, slots, false);
        code.asm.mov(Gpr.RAX, Gpr.R11);
        code.asm.mov(Gpr.RDX, Argument.WEIGHTS.at());
        code.asm.mov(Gpr.RCX, Argument.POSITIONS.at());
        values.beginStep();
        code.countDown(Gpr.RCX, () -> {
            position(pairs, slots, isMasked);
            code.asm.add(Gpr.RAX, Argument.ROW_BYTES.at());
            code.asm.add(Gpr.RDX, Float.BYTES);
            values.nextPosition();
            code.prefetch(Gpr.RSI, slots * code.isa.lanes() * values.valueBytes());
        });
        moveSums(pairs, slots, true);
        code.asm.add(Gpr.R8, slots * code.tilePairs * code.isa.vectorBytes());
    }

    private void moveSums(int pairs, int slots, boolean isStore) {
        for (int slot = 0; slot < slots; slot++) {
            for (int pair = 0; pair < pairs; pair++) {
                var place = at(Gpr.R8, (slot * code.tilePairs + pair) * code.isa.vectorBytes());
                if (isStore) {
                    code.asm.vmovups(place, sum(pair, slot, slots));
                } else {
                    code.asm.vmovups(sum(pair, slot, slots), place);
                }
            }
        }
    }

    private Vec sum(int pair, int slot, int slots) {
        return code.vec(pair * slots + slot);
    }

    /** Values in registers, one weight at a time; where registers do not suffice, one value at a time and the weights from memory. */
    private void position(int pairs, int slots, boolean isMasked) {
        int free = pairs * slots;
        if (free + slots + 1 > FREE_VECTORS) {
            for (int slot = 0; slot < slots; slot++) {
                Vec value = code.vec(free + slot % 2);
                values.load(value, slot);
                for (int pair = 0; pair < pairs; pair++) {
                    code.asm.vfmadd231ps(sum(pair, slot, slots), value, at(Gpr.RDX, pair * AttentionFrame.PAIR_SCORES).toAll());
                }
            }
            return;
        }
        for (int slot = 0; slot < slots; slot++) {
            Vec value = code.vec(free + slot);
            values.load(isMasked ? value.zeroed(1) : value, slot);
        }
        Vec weight = code.vec(free + slots);
        for (int pair = 0; pair < pairs; pair++) {
            code.asm.vbroadcastss(weight, at(Gpr.RDX, pair * AttentionFrame.PAIR_SCORES));
            for (int slot = 0; slot < slots; slot++) {
                code.asm.vfmadd231ps(sum(pair, slot, slots), weight, code.vec(free + slot));
            }
        }
    }

    /** Values in F16 or F32. */
    record Plain(AttentionCode code, boolean isHalf) implements ValueLoader {

        @Override
        public int valueBytes() {
            return isHalf ? Short.BYTES : Float.BYTES;
        }

        @Override
        public void beginBlock() { }

        @Override
        public void beginStep() { }

        @Override
        public void load(Vec target, int slot) {
            code.loadFloats(target, at(Gpr.RAX), slot, isHalf);
        }

        @Override
        public void nextPosition() { }
    }
}
