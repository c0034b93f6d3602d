package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.machine.AttentionFrame.Field;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;

/**
 * Emits one step of online softmax: a block's scores become weights e^(score - maximum), where the maximum is that of all scores so
 * far; sums made with a smaller one are scaled down. A position that a pair does not see gets weight 0.
 *
 * @see <a href="https://arxiv.org/abs/1805.02867">arXiv:1805.02867</a>
 */
record OnlineSoftmaxCode(AttentionCode code) {

    private static final int MAXIMUM = 4;

    void emit() {
        code.asm.lea(Gpr.R8, at(Gpr.RDI, AttentionFrame.SCORES));
        code.asm.mov(Gpr.R9, Argument.STATE.at());
        code.asm.mov(Gpr.R10, Argument.SUMS.at());
        code.eachPair(() -> {
            load();
            cap();
            hide();
            raiseMaximum();
            weigh();
            code.asm.add(Gpr.R8, AttentionFrame.PAIR_SCORES);
            code.asm.add(Gpr.R9, AttentionFrame.stateBytes(code.isa));
        }, Gpr.R10);
    }

    private int vectors() {
        return AttentionFrame.BLOCK / code.isa.lanes();
    }

    private void load() {
        for (int i = 0; i < vectors(); i++) {
            code.asm.vmovups(code.vec(i), at(Gpr.R8, i * code.isa.vectorBytes()));
        }
    }

    /** cap · tanh(score / cap) = cap - 2 cap / (e^(2 score / cap) + 1). */
    private void cap() {
        Label none = new Label();
        code.asm.mov32(Gpr.RAX, Argument.CAP.at());
        code.asm.test(Gpr.RAX, Gpr.RAX);
        code.asm.jump(Condition.EQUAL, none);
        code.asm.vbroadcastss(code.vec(7), Argument.TWO_OVER_CAP.at());
        code.asm.vbroadcastss(code.vec(8), Argument.CAP.at());
        code.asm.vaddps(code.vec(9), code.vec(8), code.vec(8));
        for (int i = 0; i < vectors(); i++) {
            code.asm.vmulps(code.vec(i), code.vec(i), code.vec(7));
            code.exp.expPlusOne(code.vec(i));
            code.asm.vdivps(code.vec(i), code.vec(9), code.vec(i));
            code.asm.vsubps(code.vec(i), code.vec(8), code.vec(i));
        }
        code.asm.place(none);
    }

    /** Scores of positions behind the pair's last one, or before its first, become -infinity. */
    private void hide() {
        Label hidden = new Label();
        Label some = new Label();
        code.asm.cmp(Gpr.R12, Field.ALL_FROM.at());
        code.asm.jump(Condition.LESS, some);
        code.asm.lea(Gpr.RAX, at(Gpr.R12, AttentionFrame.BLOCK));
        code.asm.cmp(Gpr.RAX, Field.ALL_END.at());
        code.asm.jump(Condition.LESS_OR_EQUAL, hidden);
        code.asm.place(some);
        distance(Field.LASTS, -1, AttentionFrame.BLOCK - 1);
        hideByEdge(2 * AttentionFrame.BLOCK - 1);
        distance(Field.FIRSTS, 0, AttentionFrame.BLOCK);
        hideByEdge(AttentionFrame.BLOCK);
        code.asm.place(hidden);
    }

    /** rax = the pair's position, counted from the block's first, within bounds. */
    private void distance(Field position, int least, int most) {
        code.asm.mov(Gpr.RAX, position.at(Gpr.RBX));
        code.asm.sub(Gpr.RAX, Gpr.R12);
        bound(Condition.GREATER_OR_EQUAL, least);
        bound(Condition.LESS_OR_EQUAL, most);
    }

    private void bound(Condition holds, int bound) {
        Label within = new Label();
        code.asm.cmp(Gpr.RAX, bound);
        code.asm.jump(holds, within);
        code.asm.mov(Gpr.RAX, bound);
        code.asm.place(within);
    }

    /** The second operand wins against NaN, so that garbage behind the last position is hidden too. */
    private void hideByEdge(int middle) {
        code.asm.mov(Gpr.RDX, Argument.EDGES.at());
        code.asm.shl(Gpr.RAX, 2);
        code.asm.sub(Gpr.RDX, Gpr.RAX);
        for (int i = 0; i < vectors(); i++) {
            code.asm.vminps(code.vec(i), code.vec(i), at(Gpr.RDX, middle * Float.BYTES + i * code.isa.vectorBytes()));
        }
    }

    private void raiseMaximum() {
        Label same = new Label();
        code.asm.vmaxps(code.vec(MAXIMUM), code.vec(0), code.vec(1));
        for (int i = 2; i < vectors(); i++) {
            code.asm.vmaxps(code.vec(MAXIMUM), code.vec(MAXIMUM), code.vec(i));
        }
        code.toAllLanes(code.vec(MAXIMUM), code.vec(5), code.asm::vmaxps);
        code.asm.vmovups(code.vec(7), at(Gpr.R9));
        code.asm.vmaxps(code.vec(MAXIMUM), code.vec(7), code.vec(MAXIMUM));
        code.asm.vucomiss(code.vec(MAXIMUM).as(16), code.vec(7).as(16));
        code.asm.jump(Condition.EQUAL, same);
        scaleDown();
        code.asm.place(same);
    }

    private void scaleDown() {
        int weights = code.isa.vectorBytes();
        code.asm.vmovups(at(Gpr.R9), code.vec(MAXIMUM));
        code.asm.vsubps(code.vec(7), code.vec(7), code.vec(MAXIMUM));
        code.exp.exp(code.vec(7));
        code.asm.vmulps(code.vec(8), code.vec(7), at(Gpr.R9, weights));
        code.asm.vmovups(at(Gpr.R9, weights), code.vec(8));
        code.asm.mov(Gpr.RDX, Gpr.R10);
        code.eachSlot(() -> {
            code.asm.vmulps(code.vec(8), code.vec(7), at(Gpr.RDX));
            code.asm.vmovups(at(Gpr.RDX), code.vec(8));
            code.nextSlot(Gpr.RDX);
        });
    }

    private void weigh() {
        int weights = code.isa.vectorBytes();
        code.asm.vmovups(code.vec(7), at(Gpr.R9, weights));
        for (int i = 0; i < vectors(); i++) {
            code.asm.vsubps(code.vec(i), code.vec(i), code.vec(MAXIMUM));
            code.exp.exp(code.vec(i));
            code.asm.vaddps(code.vec(7), code.vec(7), code.vec(i));
            code.asm.vmovups(at(Gpr.R8, i * code.isa.vectorBytes()), code.vec(i));
        }
        code.asm.vmovups(at(Gpr.R9, weights), code.vec(7));
    }
}
