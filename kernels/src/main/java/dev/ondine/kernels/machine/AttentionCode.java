package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.machine.AttentionFrame.Field;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import java.util.function.IntConsumer;

/**
 * What the kernels of attention share: the walk over items, and the life of a pair's sums.
 *
 * <p>Attention is computed in segments of 512 positions, counted from position 0. Within a segment softmax is online: the sums belong
 * to the largest score so far. Segments are added up in their order. Whether one worker computes all segments of a pair or
 * several do, the same numbers are added in the same order.
 *
 * <p>Registers: rdi holds the {@link AttentionFrame}, r12 the first position of the block, r13 the channels of a head, r14 the pairs of
 * the record, r15 the record. The other ones but rbp and rsp are free.
 */
abstract class AttentionCode extends VectorCode {

    private static final Gpr[] SAVED = {Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15};

    final int tilePairs;
    final ExpCode exp;

    AttentionCode(Isa isa) {
        super(isa);
        tilePairs = AttentionFrame.tilePairs(isa);
        exp = new ExpCode(this, vec(5), vec(6));
    }

    /** The whole kernel. */
    final byte[] generate() {
        for (int i = 0; i < SAVED.length; i++) {
            asm.mov(saved(i), SAVED[i]);
        }
        if (isa.isAvx512()) {
            asm.mov(Gpr.RAX, Argument.LAST_LANES.at());
            asm.kmovd(1, Gpr.RAX);
        }
        asm.mov(Gpr.R13, Argument.HEAD_DIM.at());
        eachItem();
        for (int i = 0; i < SAVED.length; i++) {
            asm.mov(SAVED[i], saved(i));
        }
        return finish();
    }

    private static Mem saved(int index) {
        return Mem.at(Gpr.RDI, (Argument.SAVED_R12.ordinal() + index) * Long.BYTES);
    }

    private void eachItem() {
        Label next = new Label();
        Label sameHead = new Label();
        asm.place(next);
        asm.mov(Gpr.R15, Argument.RECORD.at());
        asm.mov(Gpr.R14, Field.PAIR_COUNT.at());
        place(Argument.QUERY_PLACE, Argument.GROUP_BYTES, null);
        item();
        asm.mov(Gpr.R15, Argument.RECORD.at());
        asm.add(Gpr.R15, AttentionFrame.RECORD_BYTES);
        asm.cmp(Gpr.R15, Argument.RECORDS_END.at());
        asm.jump(Condition.NOT_EQUAL, sameHead);
        asm.mov(Gpr.R15, Argument.RECORDS.at());
        asm.mov(Gpr.RAX, Argument.KV_HEAD.at());
        asm.add(Gpr.RAX, 1);
        asm.mov(Argument.KV_HEAD.at(), Gpr.RAX);
        asm.place(sameHead);
        asm.mov(Argument.RECORD.at(), Gpr.R15);
        asm.mov(Gpr.RAX, Argument.ITEMS.at());
        asm.sub(Gpr.RAX, 1);
        asm.mov(Argument.ITEMS.at(), Gpr.RAX);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    /** Emits the work on one item. */
    abstract void item();

    /** target = key-value head · share + start. */
    final void place(Argument target, Argument share, Argument start) {
        asm.mov(Gpr.RAX, Argument.KV_HEAD.at());
        asm.mov(Gpr.RCX, share.at());
        asm.imul(Gpr.RAX, Gpr.RCX);
        if (start != null) {
            asm.add(Gpr.RAX, start.at());
        }
        asm.mov(target.at(), Gpr.RAX);
    }

    /** rax = where the record's partial result for the head is. */
    final void partialState() {
        asm.mov(Gpr.RAX, Argument.KV_HEAD.at());
        asm.mov(Gpr.RCX, Argument.PARTIALS_OF_HEAD.at());
        asm.imul(Gpr.RAX, Gpr.RCX);
        asm.add(Gpr.RAX, Argument.PARTIALS.at());
        asm.add(Gpr.RAX, Field.PARTIAL.at());
    }

    /** No position seen yet: state at rax, sums at rdx. The sums of a tile's missing pairs are cleared too. */
    final void clearSums() {
        asm.vbroadcastss(vec(0), Argument.LOWEST.at());
        asm.vpxor(vec(1), vec(1), vec(1));
        asm.mov(Gpr.RCX, Gpr.R14);
        countDown(Gpr.RCX, () -> {
            asm.vmovups(Mem.at(Gpr.RAX), vec(0));
            asm.vmovups(Mem.at(Gpr.RAX, isa.vectorBytes()), vec(1));
            asm.add(Gpr.RAX, AttentionFrame.stateBytes(isa));
        });
        asm.lea(Gpr.RCX, Mem.at(Gpr.R14, tilePairs - 1));
        asm.and(Gpr.RCX, -tilePairs);
        asm.mov(Gpr.RAX, Argument.SLOTS.at());
        asm.imul(Gpr.RCX, Gpr.RAX);
        countDown(Gpr.RCX, () -> {
            asm.vmovups(Mem.at(Gpr.RDX), vec(1));
            asm.add(Gpr.RDX, isa.vectorBytes());
        });
    }

    /** Adds the segment, at STATE and SUMS, to the running sums. */
    final void fold() {
        asm.mov(Gpr.R8, Argument.STATE.at());
        asm.lea(Gpr.R9, Mem.at(Gpr.RDI, AttentionFrame.RUNNING_STATE));
        asm.mov(Gpr.R10, Argument.SUMS.at());
        asm.mov(Gpr.R11, Argument.RUNNING_SUMS.at());
        eachPair(() -> {
            foldWeights();
            asm.mov(Gpr.RAX, Gpr.R10);
            asm.mov(Gpr.RDX, Gpr.R11);
            eachSlot(() -> {
                asm.vmulps(vec(2), vec(1), Mem.at(Gpr.RDX));
                asm.vfmadd231ps(vec(2), vec(0), Mem.at(Gpr.RAX));
                asm.vmovups(Mem.at(Gpr.RDX), vec(2));
                nextSlot(Gpr.RAX);
                nextSlot(Gpr.RDX);
            });
            asm.add(Gpr.R8, AttentionFrame.stateBytes(isa));
            asm.add(Gpr.R9, AttentionFrame.stateBytes(isa));
        }, Gpr.R10, Gpr.R11);
    }

    /** Leaves in vector 0 what the segment's sums, in vector 1 what the running ones are multiplied by. */
    private void foldWeights() {
        int weights = isa.vectorBytes();
        asm.vmovups(vec(0), Mem.at(Gpr.R8));
        asm.vmovups(vec(1), Mem.at(Gpr.R9));
        asm.vmaxps(vec(2), vec(1), vec(0));
        asm.vmovups(Mem.at(Gpr.R9), vec(2));
        for (int i = 0; i < 2; i++) {
            asm.vsubps(vec(i), vec(i), vec(2));
            exp.exp(vec(i));
        }
        asm.vmulps(vec(2), vec(1), Mem.at(Gpr.R9, weights));
        asm.vfmadd231ps(vec(2), vec(0), Mem.at(Gpr.R8, weights));
        asm.vmovups(Mem.at(Gpr.R9, weights), vec(2));
    }

    /** Divides the running sums by the weights and writes them to the output. */
    final void writeOutput() {
        asm.lea(Gpr.R9, Mem.at(Gpr.RDI, AttentionFrame.RUNNING_STATE));
        asm.mov(Gpr.R11, Argument.RUNNING_SUMS.at());
        eachPair(() -> {
            asm.vmovups(vec(0), Mem.at(Gpr.R9, isa.vectorBytes()));
            toAllLanes(vec(0), vec(1), asm::vaddps);
            asm.mov(Gpr.RAX, Field.OFFSETS.at(Gpr.RBX));
            asm.add(Gpr.RAX, Argument.OUTPUT.at());
            asm.add(Gpr.RAX, Argument.QUERY_PLACE.at());
            asm.mov(Gpr.RDX, Gpr.R11);
            eachSlot(this::writeSlot);
            asm.add(Gpr.R9, AttentionFrame.stateBytes(isa));
        }, Gpr.R11);
    }

    private void writeSlot() {
        asm.vmovups(vec(1), Mem.at(Gpr.RDX));
        asm.vdivps(vec(1), vec(1), vec(0));
        Label whole = new Label();
        Label written = new Label();
        asm.cmp(Gpr.RCX, 1);
        asm.jump(Condition.NOT_EQUAL, whole);
        if (isa.isAvx512()) {
            asm.vmovups(Mem.at(Gpr.RAX), vec(1).merged(1));
            asm.jump(Condition.EQUAL, written);
        } else {
            backByMissingLanes(Gpr.RAX, Gpr.R10, Float.BYTES);
        }
        asm.place(whole);
        asm.vmovups(Mem.at(Gpr.RAX), vec(1));
        asm.place(written);
        asm.add(Gpr.RAX, isa.vectorBytes());
        nextSlot(Gpr.RDX);
    }

    /**
     * AVX2 has no masks for every format: a last slot that is not full ends with the last channel and repeats earlier ones, which come
     * out the same.
     */
    final void backByMissingLanes(Gpr address, Gpr spare, int elementBytes) {
        asm.mov(spare, Argument.LAST_LANES.at());
        asm.imul(spare, spare, elementBytes);
        asm.add(address, spare);
        asm.sub(address, isa.vectorBytes() / Float.BYTES * elementBytes);
    }

    /** Runs the body with rcx counting down the slots of one pair. */
    final void eachSlot(Runnable body) {
        asm.mov(Gpr.RCX, Argument.SLOTS.at());
        countDown(Gpr.RCX, body);
    }

    /** On to a pair's next slot. */
    final void nextSlot(Gpr sums) {
        asm.add(sums, tilePairs * isa.vectorBytes());
    }

    /** Runs the body for each pair, its number in rbx; {@code sums} follow the pair's first slot. */
    final void eachPair(Runnable body, Gpr... sums) {
        Label next = new Label();
        Label sameTile = new Label();
        asm.xor(Gpr.RBX, Gpr.RBX);
        asm.place(next);
        body.run();
        asm.add(Gpr.RBX, 1);
        for (Gpr pair : sums) {
            asm.add(pair, isa.vectorBytes());
        }
        asm.mov(Gpr.RAX, Gpr.RBX);
        asm.and(Gpr.RAX, tilePairs - 1);
        asm.jump(Condition.NOT_EQUAL, sameTile);
        for (Gpr pair : sums) {
            asm.add(pair, Argument.TILE_SUMS.at());
            asm.sub(pair, tilePairs * isa.vectorBytes());
        }
        asm.place(sameTile);
        asm.cmp(Gpr.RBX, Gpr.R14);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    /** Combines all lanes; every lane holds the result. */
    final void toAllLanes(Vec vector, Vec spare, Combination combination) {
        acrossLanes(vector, spare, combination);
        asm.vbroadcastss(vector, xmm(vector));
    }

    /** Runs the body until the register, at least 1, is 0. */
    final void countDown(Gpr left, Runnable body) {
        Label next = new Label();
        asm.place(next);
        body.run();
        asm.sub(left, 1);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    /** Emits the step for a tile of pairs, by how many are left: the smallest step that does them, or the largest. */
    final void forPairs(Gpr left, IntConsumer step) {
        Label done = new Label();
        for (int pairs = tilePairs; pairs > 1; pairs /= 2) {
            Label fewer = new Label();
            asm.cmp(left, pairs / 2);
            asm.jump(Condition.LESS_OR_EQUAL, fewer);
            step.accept(pairs);
            asm.jump(done);
            asm.place(fewer);
        }
        step.accept(1);
        asm.place(done);
    }

    /** Loads the vector with this number of those at an address, as floats. */
    final void loadFloats(Vec target, Mem first, int number, boolean isHalf) {
        if (isHalf) {
            asm.vcvtph2ps(target, first.plus(number * isa.vectorBytes() / 2));
        } else {
            asm.vmovups(target, first.plus(number * isa.vectorBytes()));
        }
    }

    /** Asks for the next cache lines and moves on. Not in the first cache: its few open requests would be the bound. */
    final void prefetch(Gpr address, int bytes) {
        for (int line = 0; line < bytes; line += 64) {
            asm.prefetcht1(Mem.at(address, line));
        }
        asm.add(address, bytes);
    }
}
