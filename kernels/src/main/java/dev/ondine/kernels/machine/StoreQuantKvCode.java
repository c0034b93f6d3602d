package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.StoreKvCode.Argument;
import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;

/**
 * Makes the kernel that quantises rows of keys and values into their blocks, 32 channels at a time.
 *
 * <p>Keys are [group of 32 channels], each 32 F16 scales and then 8 lines of [position, 4 channels] as bytes + 128, so that the bytes of
 * a vector meet four channels of one query. Values are [position, channel] bytes, and behind them [position, group] F16 scales.
 *
 * <p>Registers: rdi the arguments, r8 and r9 the row's keys and values, r10 and r11 where the head's go, rbx the row's place, rsi the
 * heads left, rcx the groups left, rdx the row's position inside the block.
 */
final class StoreQuantKvCode extends VectorCode {

    /** Of the keys of a group of channels in one block. */
    static final int KEY_GROUP_BYTES = AttentionFrame.BLOCK * 34;
    static final int KEY_SCALES_BYTES = AttentionFrame.BLOCK * Short.BYTES;
    /** Four channels of every position. */
    static final int KEY_LINE_BYTES = AttentionFrame.BLOCK * Integer.BYTES;
    static final int KEY_LINES = QuantBlockCode.FLOATS / Integer.BYTES;

    private final QuantBlockCode quantise = new QuantBlockCode(this);

    StoreQuantKvCode(Isa isa) {
        super(isa);
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

    private void row() {
        asm.mov(Gpr.RDX, Mem.at(Gpr.RBX, Long.BYTES));
        asm.mov(Gpr.R10, Mem.at(Gpr.RBX));
        asm.mov(Gpr.R11, Gpr.R10);
        asm.add(Gpr.R10, Argument.KEYS_OFFSET.at());
        asm.add(Gpr.R11, Argument.VALUES_OFFSET.at());
        asm.mov(Gpr.RSI, Argument.KV_HEADS.at());
        Label head = new Label();
        asm.place(head);
        storeKeys();
        storeValues();
        asm.add(Gpr.R11, Argument.HEAD_SHARE.at());
        asm.sub(Gpr.RSI, 1);
        asm.jump(Condition.NOT_EQUAL, head);
    }

    private void eachGroup(Runnable body) {
        Label next = new Label();
        asm.mov(Gpr.RCX, Argument.HEAD_DIM.at());
        asm.shr(Gpr.RCX, Integer.numberOfTrailingZeros(QuantBlockCode.FLOATS));
        asm.place(next);
        body.run();
        asm.sub(Gpr.RCX, 1);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    private void storeKeys() {
        eachGroup(() -> {
            quantise.emit(Gpr.R8, null);
            spread(Vec.ymm(1), 0x80808080);
            asm.vpxor(Vec.ymm(0), Vec.ymm(0), Vec.ymm(1));
            asm.vmovups(Argument.NUMBERS.at(), Vec.ymm(0));
            for (int line = 0; line < KEY_LINES; line++) {
                asm.mov32(Gpr.RAX, Argument.NUMBERS.at().plus(line * Integer.BYTES));
                asm.mov32(Mem.at(Gpr.R10, Gpr.RDX, Integer.BYTES, KEY_SCALES_BYTES + line * KEY_LINE_BYTES), Gpr.RAX);
            }
            storeScale(Mem.at(Gpr.R10, Gpr.RDX, Short.BYTES, 0));
            asm.add(Gpr.R8, QuantBlockCode.FLOATS * Float.BYTES);
            asm.add(Gpr.R10, KEY_GROUP_BYTES);
        });
    }

    private void storeValues() {
        asm.push(Gpr.R10);
        asm.push(Gpr.RSI);
        asm.mov(Gpr.RAX, Argument.HEAD_DIM.at());
        asm.mov(Gpr.R10, Gpr.RAX);
        asm.imul(Gpr.R10, Gpr.RDX);
        asm.add(Gpr.R10, Gpr.R11);
        scalesPlace(asm);
        eachGroup(() -> {
            quantise.emit(Gpr.R9, null);
            asm.vmovups(Mem.at(Gpr.R10), Vec.ymm(0));
            storeScale(Mem.at(Gpr.RSI));
            asm.add(Gpr.R9, QuantBlockCode.FLOATS * Float.BYTES);
            asm.add(Gpr.R10, QuantBlockCode.FLOATS);
            asm.add(Gpr.RSI, Short.BYTES);
        });
        asm.pop(Gpr.RSI);
        asm.pop(Gpr.R10);
    }

    /** rsi = where the position's scales go: behind the 32 rows of bytes. rax holds the channels. */
    private static void scalesPlace(Assembler asm) {
        asm.mov(Gpr.RSI, Gpr.RAX);
        asm.shr(Gpr.RSI, Integer.numberOfTrailingZeros(QuantBlockCode.FLOATS / Short.BYTES));
        asm.imul(Gpr.RSI, Gpr.RDX);
        asm.shl(Gpr.RAX, Integer.numberOfTrailingZeros(AttentionFrame.BLOCK));
        asm.add(Gpr.RSI, Gpr.RAX);
        asm.add(Gpr.RSI, Gpr.R11);
    }

    private void storeScale(Mem place) {
        asm.vcvtps2ph(Vec.xmm(4), Vec.xmm(4));
        asm.vmovd(Gpr.RAX, Vec.xmm(4));
        asm.mov16(place, Gpr.RAX);
    }
}
