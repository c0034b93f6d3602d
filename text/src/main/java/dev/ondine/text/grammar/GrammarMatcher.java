package dev.ondine.text.grammar;

import java.nio.charset.StandardCharsets;

/** How far a text that comes in pieces keeps to a {@link Grammar}. Not for use by several threads. */
public final class GrammarMatcher {

    private final Grammar grammar;
    private ParseState state;

    GrammarMatcher(Grammar grammar) {
        this.grammar = grammar;
        this.state = grammar.start();
    }

    /**
     * Goes on by some text, whole characters only.
     *
     * @return whether the text may go on so; if not, nothing changes
     */
    public boolean accept(String text) {
        ParseState next = state;
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            next = next.after(value & 0xFF);
        }
        if (next.isDead()) {
            return false;
        }
        state = grammar.fresh(next);
        return true;
    }

    /** Whether the text may end here. */
    public boolean isComplete() {
        return state.isComplete();
    }
}
