package dev.ondine.text.grammar;

import java.util.List;

/**
 * Where a text stands in a grammar: all the ways to read it. Says what may follow each symbol; answers are remembered.
 *
 * <p>May be used by several threads: two that find the same answer at once both write the same state.
 */
final class ParseState {

    private final StateTable table;
    private final List<Stack> stacks;
    private final boolean complete;
    private final boolean dead;
    private final ParseState[] next = new ParseState[Network.SYMBOLS];
    private volatile TokenMask mask;

    ParseState(StateTable table, List<Stack> stacks, boolean complete) {
        this.table = table;
        this.stacks = stacks;
        this.complete = complete;
        this.dead = stacks.isEmpty() && !complete;
    }

    List<Stack> stacks() {
        return stacks;
    }

    boolean isOf(StateTable other) {
        return table == other;
    }

    /** Whether the text may end here. */
    boolean isComplete() {
        return complete;
    }

    /** Whether the text is wrong: nothing may follow, and it may not end. */
    boolean isDead() {
        return dead;
    }

    /** The state after a byte or {@link Network#MARK}. */
    ParseState after(int symbol) {
        ParseState known = next[symbol];
        if (known == null) {
            known = table.after(this, symbol);
            next[symbol] = known;
        }
        return known;
    }

    /** The tokens that may come next. */
    TokenMask mask(GrammarVocabulary vocabulary) {
        TokenMask known = mask;
        if (known == null || !known.isOf(vocabulary)) {
            known = vocabulary.mask(this);
            table.charge(known.bytes());
            mask = known;
        }
        return known;
    }
}
