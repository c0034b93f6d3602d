package dev.ondine.text.grammar;

/** The tokens of a vocabulary that may come next. */
final class TokenMask {

    private final GrammarVocabulary vocabulary;
    private final long[] bits;

    /** @param bits one for each token, 64 to a word */
    TokenMask(GrammarVocabulary vocabulary, long[] bits) {
        this.vocabulary = vocabulary;
        this.bits = bits;
    }

    boolean isOf(GrammarVocabulary other) {
        return vocabulary == other;
    }

    long bytes() {
        return bits.length * 8L;
    }

    boolean allows(int token) {
        return (bits[token >> 6] >>> token & 1) != 0;
    }

    /** Sets the logits of all other tokens to minus infinity, and those of rows that are no tokens. */
    void restrict(float[] logits) {
        for (int word = 0; word < (logits.length + 63) / 64; word++) {
            long allowed = word < bits.length ? bits[word] : 0;
            if (allowed != -1) {
                int end = Math.min(logits.length, word * 64 + 64);
                for (int token = word * 64; token < end; token++) {
                    logits[token] = (allowed >>> token & 1) != 0 ? logits[token] : Float.NEGATIVE_INFINITY;
                }
            }
        }
    }
}
