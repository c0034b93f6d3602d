package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.kernels.machine.AttentionFrame.Field;
import dev.ondine.kernels.x86.Condition;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Label;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.tensor.NumberFormat;
import java.util.function.IntConsumer;

/**
 * Makes the kernel of attention itself. An item's result goes to the output, or for a record of one segment to its partial result,
 * which {@link MergeCode} adds up.
 *
 * @see <a href="https://arxiv.org/abs/2205.14135">arXiv:2205.14135</a>
 */
final class AttendCode extends AttentionCode {

    private final ScoreCode score;
    private final OnlineSoftmaxCode softmax = new OnlineSoftmaxCode(this);
    private final MixCode.ValueLoader values;
    private final MixCode mix;

    AttendCode(Isa isa, NumberFormat format) {
        super(isa);
        boolean isHalf = format == NumberFormat.F16;
        boolean isQuantised = format == NumberFormat.Q8_0;
        score = isQuantised ? new QuantScoreCode(this) : new ScoreCode.Plain(this, isHalf);
        values = isQuantised ? new QuantValues(this) : new MixCode.Plain(this, isHalf);
        mix = new MixCode(this, values);
    }

    @Override
    void item() {
        Label whole = new Label();
        Label segment = new Label();
        Label done = new Label();
        place(Argument.KEY_PLACE, Argument.HEAD_SHARE, Argument.KEYS_OFFSET);
        place(Argument.VALUE_PLACE, Argument.HEAD_SHARE, Argument.VALUES_OFFSET);
        loadQueries();
        asm.mov(Gpr.R12, Field.FROM.at());
        asm.and(Gpr.R12, -AttentionFrame.BLOCK);
        asm.mov(Gpr.RAX, Field.PARTS.at());
        asm.test(Gpr.RAX, Gpr.RAX);
        asm.jump(Condition.EQUAL, whole);

        partialState();
        asm.lea(Gpr.RDX, Mem.at(Gpr.RAX, tilePairs * AttentionFrame.stateBytes(isa)));
        segment();
        asm.jump(done);

        asm.place(whole);
        asm.lea(Gpr.RAX, Mem.at(Gpr.RDI, AttentionFrame.RUNNING_STATE));
        asm.mov(Gpr.RDX, Argument.RUNNING_SUMS.at());
        clearSums();
        asm.place(segment);
        asm.lea(Gpr.RAX, Mem.at(Gpr.RDI, AttentionFrame.SEGMENT_STATE));
        asm.mov(Gpr.RDX, Argument.SEGMENT_SUMS.at());
        segment();
        fold();
        asm.cmp(Gpr.R12, Field.END.at());
        asm.jump(Condition.LESS, segment);
        writeOutput();
        asm.place(done);
    }

    /** Scales the pairs' queries and writes them as tiles of [channel, pair]. */
    private void loadQueries() {
        asm.mov(Gpr.R8, Argument.QUERY_TILES.at());
        asm.xor(Gpr.RBX, Gpr.RBX);
        Label next = new Label();
        Label sameTile = new Label();
        asm.place(next);
        asm.mov(Gpr.RAX, Field.OFFSETS.at(Gpr.RBX));
        asm.add(Gpr.RAX, Argument.QUERIES.at());
        asm.add(Gpr.RAX, Argument.QUERY_PLACE.at());
        asm.mov(Gpr.RDX, Gpr.R8);
        asm.mov(Gpr.RCX, Gpr.R13);
        asm.shr(Gpr.RCX, Integer.numberOfTrailingZeros(score.queryChannels()));
        countDown(Gpr.RCX, score::loadQuery);
        asm.add(Gpr.R8, Float.BYTES);
        asm.add(Gpr.RBX, 1);
        asm.mov(Gpr.RAX, Gpr.RBX);
        asm.and(Gpr.RAX, tilePairs - 1);
        asm.jump(Condition.NOT_EQUAL, sameTile);
        asm.lea(Gpr.R8, Mem.at(Gpr.RDX, (1 - tilePairs) * Float.BYTES));
        asm.place(sameTile);
        asm.cmp(Gpr.RBX, Gpr.R14);
        asm.jump(Condition.NOT_EQUAL, next);
    }

    /** The blocks from r12 to the end of its segment or of the record; state at rax, sums at rdx. */
    private void segment() {
        Label end = new Label();
        Label block = new Label();
        asm.mov(Argument.STATE.at(), Gpr.RAX);
        asm.mov(Argument.SUMS.at(), Gpr.RDX);
        clearSums();
        asm.mov(Gpr.RAX, Gpr.R12);
        asm.and(Gpr.RAX, -AttentionFrame.SEGMENT);
        asm.add(Gpr.RAX, AttentionFrame.SEGMENT);
        asm.cmp(Gpr.RAX, Field.END.at());
        asm.jump(Condition.LESS, end);
        asm.mov(Gpr.RAX, Field.END.at());
        asm.place(end);
        asm.mov(Argument.SEGMENT_END.at(), Gpr.RAX);
        asm.place(block);
        block();
        asm.add(Gpr.R12, AttentionFrame.BLOCK);
        asm.cmp(Gpr.R12, Argument.SEGMENT_END.at());
        asm.jump(Condition.LESS, block);
    }

    /** While it works on one block's keys and values, it asks for the next one's. */
    private void block() {
        blockAddress(Gpr.R11, 0);
        asm.mov(Gpr.R10, Gpr.R11);
        asm.add(Gpr.R10, Argument.KEY_PLACE.at());
        asm.add(Gpr.R11, Argument.VALUE_PLACE.at());
        firstValue();
        blockAddress(Gpr.R11, 1);
        asm.add(Gpr.R11, Argument.KEY_PLACE.at());
        asm.mov(Gpr.RDX, Argument.QUERY_TILES.at());
        asm.lea(Gpr.R8, Mem.at(Gpr.RDI, AttentionFrame.SCORES));
        eachTile(score::emit, () -> asm.add(Gpr.R8, tilePairs * AttentionFrame.PAIR_SCORES));
        softmax.emit();
        values.beginBlock();
        blockAddress(Gpr.RSI, 1);
        asm.add(Gpr.RSI, Argument.VALUE_PLACE.at());
        asm.mov(Gpr.R8, Argument.SUMS.at());
        eachTile(mix::emit, this::nextWeights);
    }

    /** From the table; the one behind the record's last block is there too, though perhaps 0. */
    private void blockAddress(Gpr target, int next) {
        asm.mov(Gpr.RAX, Field.TABLE.at());
        asm.mov(Gpr.RCX, Gpr.R12);
        asm.shr(Gpr.RCX, Integer.numberOfTrailingZeros(AttentionFrame.BLOCK));
        asm.mov(target, Mem.at(Gpr.RAX, Gpr.RCX, Long.BYTES, next * Long.BYTES));
    }

    /** Values outside the record's positions are not read: nobody may have written them. r11 holds the block's values. */
    private void firstValue() {
        Label inside = new Label();
        Label whole = new Label();
        asm.xor(Gpr.RAX, Gpr.RAX);
        asm.cmp(Gpr.R12, Field.FROM.at());
        asm.jump(Condition.GREATER_OR_EQUAL, inside);
        asm.mov(Gpr.RAX, Field.FROM.at());
        asm.sub(Gpr.RAX, Gpr.R12);
        asm.place(inside);
        asm.lea(Gpr.RCX, Mem.at(Gpr.RDI, Gpr.RAX, Float.BYTES, AttentionFrame.SCORES));
        asm.mov(Argument.WEIGHTS.at(), Gpr.RCX);

        asm.mov(Gpr.RCX, Argument.SEGMENT_END.at());
        asm.sub(Gpr.RCX, Gpr.R12);
        asm.cmp(Gpr.RCX, AttentionFrame.BLOCK);
        asm.jump(Condition.LESS_OR_EQUAL, whole);
        asm.mov(Gpr.RCX, AttentionFrame.BLOCK);
        asm.place(whole);
        asm.sub(Gpr.RCX, Gpr.RAX);
        asm.mov(Argument.POSITIONS.at(), Gpr.RCX);

        asm.mov(Gpr.RCX, Argument.ROW_BYTES.at());
        asm.imul(Gpr.RAX, Gpr.RCX);
        asm.add(Gpr.RAX, Gpr.R11);
        asm.mov(Argument.VALUES.at(), Gpr.RAX);
        asm.mov(Argument.BLOCK_VALUES.at(), Gpr.R11);
    }

    private void nextWeights() {
        asm.mov(Gpr.RAX, Argument.WEIGHTS.at());
        asm.add(Gpr.RAX, tilePairs * AttentionFrame.PAIR_SCORES);
        asm.mov(Argument.WEIGHTS.at(), Gpr.RAX);
    }

    /** Runs the step for each tile of pairs; r9 counts the pairs left. */
    private void eachTile(IntConsumer step, Runnable next) {
        Label tile = new Label();
        asm.mov(Gpr.R9, Gpr.R14);
        asm.place(tile);
        forPairs(Gpr.R9, step);
        next.run();
        asm.sub(Gpr.R9, tilePairs);
        asm.jump(Condition.GREATER, tile);
    }
}
