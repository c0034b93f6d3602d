package dev.ondine.engine;

import dev.ondine.tensor.Matrix;
import dev.ondine.text.grammar.TokenConstraint;

/** One row of unnormalised scores over the vocabulary, a copy that filters may change. */
public final class Logits {

    private final float[] values;

    public Logits(int vocabSize) {
        values = new float[vocabSize];
    }

    /** Takes over a row of what a step computed. */
    public Logits copyFrom(Matrix logits, int row) {
        logits.copyRow(row, values);
        return this;
    }

    public int vocabSize() {
        return values.length;
    }

    public float get(int token) {
        return values[token];
    }

    /** Rules out what a grammar does not allow. */
    void restrict(TokenConstraint constraint) {
        constraint.restrict(values);
    }

    void set(int token, float value) {
        values[token] = value;
    }

    /** The token with the highest score, the lowest id among equals; scores that are not numbers count as lowest. */
    int argmax() {
        int best = 0;
        for (int token = 1; token < values.length; token++) {
            if (values[token] > values[best] || Float.isNaN(values[best])) {
                best = token;
            }
        }
        return best;
    }
}
