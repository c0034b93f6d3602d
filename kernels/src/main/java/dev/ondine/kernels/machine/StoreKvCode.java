package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.tensor.NumberFormat;

/**
 * Makes the kernel that writes rows of keys and values into their blocks: keys as [channel, position], so that one vector holds the
 * same channel of neighbouring positions; values as [position, channel].
 *
 * <p>Registers: rdi the arguments, r8 and r9 the row's keys and values, r10 and r11 where the head's go, rbx the row's place, rsi the
 * heads left.
 */
final class StoreKvCode extends VectorCode {

    /** Its arguments, in 64-bit numbers. */
    enum Argument {
        KEYS, VALUES,
        /** Per row, the address of its block and the position inside. */
        PLACES,
        ROWS, KV_HEADS, HEAD_DIM, KEYS_OFFSET, VALUES_OFFSET,
        /** Of one head's keys in a block, and as many of its values. */
        HEAD_SHARE,
        /** Of one position's values of one head. */
        ROW_BYTES,
        // The kernel's own, from here on.
        NUMBERS, MORE_NUMBERS;

        Mem at() {
            return Mem.at(Gpr.RDI, ordinal() * Long.BYTES);
        }
    }

    private static final int EIGHT = 8;

    private final boolean isHalf;

    StoreKvCode(Isa isa, NumberFormat format) {
        super(isa);
        isHalf = format == NumberFormat.F16;
    }

    byte[] generate() {
        asm.mov(Gpr.R8, Argument.KEYS.at());
        asm.mov(Gpr.R9, Argument.VALUES.at());
        asm.mov(Gpr.RBX, Argument.PLACES.at());
        Label row = new Label();
        asm.place(row);
        row();
        asm.add(Gpr.RBX, 2 * Long.BYTES);
        asm.mov(Gpr.RAX, Argument.ROWS.at());
        asm.sub(Gpr.RAX, 1);
        asm.mov(Argument.ROWS.at(), Gpr.RAX);
        asm.jump(Condition.NOT_EQUAL, row);
        return finish();
    }

    private int elementBytes() {
        return isHalf ? Short.BYTES : Float.BYTES;
    }

    private void row() {
        asm.mov(Gpr.R10, Mem.at(Gpr.RBX, Long.BYTES));
        asm.mov(Gpr.R11, Gpr.R10);
        asm.imul(Gpr.R10, Gpr.R10, elementBytes());
        asm.mov(Gpr.RAX, Argument.ROW_BYTES.at());
        asm.imul(Gpr.R11, Gpr.RAX);
        asm.add(Gpr.R10, Argument.KEYS_OFFSET.at());
        asm.add(Gpr.R11, Argument.VALUES_OFFSET.at());
        asm.add(Gpr.R10, Mem.at(Gpr.RBX));
        asm.add(Gpr.R11, Mem.at(Gpr.RBX));
        asm.mov(Gpr.RSI, Argument.KV_HEADS.at());
        Label head = new Label();
        asm.place(head);
        asm.mov(Gpr.RAX, Gpr.R10);
        channels(Gpr.R8, this::eightKeys, this::oneKey);
        asm.mov(Gpr.RAX, Gpr.R11);
        channels(Gpr.R9, this::eightValues, this::oneValue);
        asm.add(Gpr.R10, Argument.HEAD_SHARE.at());
        asm.add(Gpr.R11, Argument.HEAD_SHARE.at());
        asm.sub(Gpr.RSI, 1);
        asm.jump(Condition.NOT_EQUAL, head);
    }

    /** Runs through a head's channels, eight at a time and then one by one; rax is where they go. */
    private void channels(Gpr source, Runnable eight, Runnable one) {
        Label next = new Label();
        Label few = new Label();
        Label single = new Label();
        Label done = new Label();
        asm.mov(Gpr.RCX, Argument.HEAD_DIM.at());
        asm.place(next);
        asm.sub(Gpr.RCX, EIGHT);
        asm.jump(Condition.LESS, few);
        asm.vmovups(Vec.ymm(0), Mem.at(source));
        asm.add(source, EIGHT * Float.BYTES);
        eight.run();
        asm.jump(next);
        asm.place(few);
        asm.add(Gpr.RCX, EIGHT);
        asm.jump(Condition.EQUAL, done);
        asm.place(single);
        asm.vmovss(Vec.xmm(0), Mem.at(source));
        asm.add(source, Float.BYTES);
        one.run();
        asm.sub(Gpr.RCX, 1);
        asm.jump(Condition.NOT_EQUAL, single);
        asm.place(done);
    }

    private void eightKeys() {
        Mem numbers = Argument.NUMBERS.at();
        if (isHalf) {
            asm.vcvtps2ph(numbers, Vec.ymm(0));
        }
        for (int i = 0; i < EIGHT; i++) {
            Mem place = Mem.at(Gpr.RAX, i * AttentionFrame.BLOCK * elementBytes());
            if (isHalf) {
                asm.movzx16(Gpr.RDX, numbers.plus(i * Short.BYTES));
                asm.mov16(place, Gpr.RDX);
            } else {
                asm.mov32(Gpr.RDX, Mem.at(Gpr.R8, (i - EIGHT) * Float.BYTES));
                asm.mov32(place, Gpr.RDX);
            }
        }
        asm.add(Gpr.RAX, EIGHT * AttentionFrame.BLOCK * elementBytes());
    }

    private void oneKey() {
        storeOne();
        asm.add(Gpr.RAX, AttentionFrame.BLOCK * elementBytes());
    }

    private void eightValues() {
        if (isHalf) {
            asm.vcvtps2ph(Mem.at(Gpr.RAX), Vec.ymm(0));
        } else {
            asm.vmovups(Mem.at(Gpr.RAX), Vec.ymm(0));
        }
        asm.add(Gpr.RAX, EIGHT * elementBytes());
    }

    private void oneValue() {
        storeOne();
        asm.add(Gpr.RAX, elementBytes());
    }

    private void storeOne() {
        if (isHalf) {
            asm.vcvtps2ph(Vec.xmm(0), Vec.xmm(0));
            asm.vmovd(Gpr.RDX, Vec.xmm(0));
            asm.mov16(Mem.at(Gpr.RAX), Gpr.RDX);
        } else {
            asm.vmovss(Mem.at(Gpr.RAX), Vec.xmm(0));
        }
    }
}
