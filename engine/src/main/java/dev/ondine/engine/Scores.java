package dev.ondine.engine;

import java.util.ArrayList;
import java.util.List;

/** Log probabilities of one row of logits. */
public final class Scores {

    private final Logits logits;
    private final double logOfSum;

    public Scores(Logits logits) {
        this.logits = logits;
        double most = logits.get(logits.argmax());
        double sum = 0;
        for (int token = 0; token < logits.vocabSize(); token++) {
            double weight = Math.exp(logits.get(token) - most);
            sum += weight > 0 ? weight : 0;
        }
        logOfSum = most + Math.log(sum);
    }

    /** Of a token whose logit the row still holds. */
    public float of(int token) {
        return of(logits, token);
    }

    /** Of a token by a copy of the same row. */
    float of(Logits row, int token) {
        return (float) Math.min(0, row.get(token) - logOfSum);
    }

    /** The likeliest tokens, likeliest first. */
    public List<TokenScore> likeliest(int count) {
        List<TokenScore> best = new ArrayList<>(count + 1);
        for (int token = 0; token < logits.vocabSize() && count > 0; token++) {
            if (best.size() < count || logits.get(token) > logits.get(best.getLast().token())) {
                insert(best, token);
                if (best.size() > count) {
                    best.removeLast();
                }
            }
        }
        return List.copyOf(best);
    }

    private void insert(List<TokenScore> best, int token) {
        int place = best.size();
        while (place > 0 && logits.get(best.get(place - 1).token()) < logits.get(token)) {
            place--;
        }
        best.add(place, new TokenScore(token, of(token)));
    }
}
