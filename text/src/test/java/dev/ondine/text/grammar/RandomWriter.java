package dev.ondine.text.grammar;

import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import java.util.Random;
import java.util.Set;

/** A model that writes what comes to its mind, as far as a grammar lets it, and grows tired of it. */
public final class RandomWriter {

    /** After so many tokens the writer wants to end. */
    private static final int PATIENCE = 60;
    private static final int MOST_TOKENS = 600;

    private final Tokenizer tokenizer;
    private final GrammarVocabulary vocabulary;
    private final Random random;
    private final float[] closing;

    public RandomWriter(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        this.vocabulary = GrammarVocabulary.of(tokenizer.vocabulary());
        this.random = new Random(seed);
        this.closing = new float[vocabulary.size()];
        for (int token = 0; token < closing.length; token++) {
            closing[token] = closing(token);
        }
    }

    /** A text of the grammar; null if it did not end in time. */
    public String write(Grammar grammar, Set<String> shownMarks) {
        TokenConstraint constraint = grammar.constraint(vocabulary);
        TextStream stream = TextStream.continuing(tokenizer, shownMarks);
        StringBuilder text = new StringBuilder();
        float[] logits = new float[vocabulary.size() + 5];
        for (int count = 0; count < MOST_TOKENS; count++) {
            fill(logits, count);
            constraint.restrict(logits);
            int token = highest(logits);
            if (logits[token] == Float.NEGATIVE_INFINITY || !constraint.allows(token)) {
                throw new AssertionError("nothing may follow " + text);
            }
            boolean complete = constraint.isComplete();
            constraint.accept(token);
            if (tokenizer.vocabulary().endsGeneration(token)) {
                if (!complete) {
                    throw new AssertionError("ended in " + text);
                }
                return text.append(stream.finish()).toString();
            }
            text.append(stream.accept(token));
        }
        return null;
    }

    private void fill(float[] logits, int count) {
        for (int token = 0; token < logits.length; token++) {
            logits[token] = random.nextFloat();
        }
        if (count > PATIENCE) {
            for (int token = 0; token < closing.length; token++) {
                logits[token] += closing[token];
            }
        }
    }

    private float closing(int token) {
        String piece = tokenizer.vocabulary().piece(token);
        return tokenizer.vocabulary().endsGeneration(token) ? 7 : piece.equals("]") || piece.equals("}") ? 5 : piece.equals("\"") ? 6
                : piece.startsWith("\"") || piece.startsWith("}") ? 3 : piece.isBlank() || piece.startsWith(",") ? -2 : 0;
    }

    private static int highest(float[] logits) {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            best = logits[token] > logits[best] ? token : best;
        }
        return best;
    }
}
