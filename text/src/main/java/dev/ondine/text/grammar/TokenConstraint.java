package dev.ondine.text.grammar;

/**
 * What a {@link Grammar} says about one completion in the making: which tokens may come next. Not for use by several threads.
 *
 * <p>To go on with a completion later, make a new one and let it accept the tokens that are there.
 */
public final class TokenConstraint {

    private final Grammar grammar;
    private final GrammarVocabulary vocabulary;
    private ParseState state;
    private boolean ended;

    TokenConstraint(Grammar grammar, GrammarVocabulary vocabulary) {
        this.grammar = grammar;
        this.vocabulary = vocabulary;
        this.state = grammar.start();
    }

    /**
     * Sets the logits of tokens that may not come next to minus infinity.
     *
     * <p>Tokens that end generation may come when the text is complete, or when no other token fits.
     *
     * @param logits one for each token; rows beyond the vocabulary are ruled out too
     */
    public void restrict(float[] logits) {
        mask().restrict(logits);
    }

    /** Whether the token may come next. */
    public boolean allows(int token) {
        return token >= 0 && token < vocabulary.size() && mask().allows(token);
    }

    private TokenMask mask() {
        return ended ? vocabulary.endTokens() : state.mask(vocabulary);
    }

    /**
     * Goes on by a token.
     *
     * @throws IllegalArgumentException if the token may not come next; nothing changes then
     */
    public void accept(int token) {
        if (token < 0 || token >= vocabulary.size()) {
            throw new IllegalArgumentException("token is " + token + ", expected 0 to " + (vocabulary.size() - 1));
        }
        if (vocabulary.vocabulary().endsGeneration(token)) {
            if (!allows(token)) {
                throw refusal(token);
            }
            ended = true;
            return;
        }
        ParseState next = vocabulary.after(state, token);
        if (ended || next.isDead() || vocabulary.isEmpty(token)) {
            throw refusal(token);
        }
        state = grammar.fresh(next);
    }

    private IllegalArgumentException refusal(int token) {
        return new IllegalArgumentException("found token " + token + " '" + vocabulary.vocabulary().piece(token)
                + "', expected one that the grammar allows here");
    }

    /** Whether the text may end here. */
    public boolean isComplete() {
        return state.isComplete();
    }
}
