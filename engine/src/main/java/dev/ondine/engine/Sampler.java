package dev.ondine.engine;

import dev.ondine.text.grammar.TokenConstraint;
import java.util.Optional;
import java.util.Random;

/** Picks the next token. Keeps its random state from token to token; one generation uses it. Borrows its scratch. */
final class Sampler {

    private final SamplingOptions options;
    private final Random random;
    private final Probabilities probabilities;
    private final int[] occurrences;

    /** @throws IllegalArgumentException if a biased token is not in the vocabulary */
    Sampler(SamplingOptions options, SamplingRoom room) {
        options.requireBiasWithin(room.vocabSize());
        this.options = options;
        this.random = new Random(options.seed());
        this.probabilities = room.probabilities;
        this.occurrences = room.occurrences;
    }

    /** Passes over one token, as if it had been picked. */
    void skip() {
        if (options.temperature() > 0) {
            random.nextDouble();
        }
    }

    /** The next token, any of the vocabulary. */
    int sample(Logits logits, int[] history, int length) {
        return sample(logits, history, length, Optional.empty());
    }

    /**
     * @param logits  changed in place by bias, penalties and constraint
     * @param history tokens so far, prompt included; the first {@code length} count
     * @return the token
     */
    int sample(Logits logits, int[] history, int length, Optional<TokenConstraint> constraint) {
        if (!options.logitBias().isEmpty()) {
            options.logitBias().forEach((token, bias) -> logits.set(token, logits.get(token) + bias));
        }
        if (options.hasPenalties()) {
            penalise(logits, history, length);
        }
        constraint.ifPresent(logits::restrict);
        if (options.temperature() == 0) {
            return logits.argmax();
        }
        probabilities.of(logits, options.topK());
        if (options.typicalP() < 1) {
            probabilities.keepTypical(options.typicalP());
        }
        if (options.topP() < 1) {
            probabilities.keepMass(options.topP());
        }
        if (options.minP() > 0) {
            probabilities.keepAtLeast(options.minP());
        }
        return draw(probabilities.softmax(options.temperature()));
    }

    private int draw(Probabilities candidates) {
        double rest = random.nextDouble();
        for (int index = 0; index < candidates.size(); index++) {
            rest -= candidates.probability(index);
            if (rest < 0) {
                return candidates.token(index);
            }
        }
        return candidates.token(0);
    }

    private void penalise(Logits logits, int[] history, int length) {
        int from = Math.max(0, length - options.penaltyWindow());
        for (int index = from; index < length; index++) {
            occurrences[history[index]]++;
        }
        for (int index = from; index < length; index++) {
            int token = history[index];
            if (occurrences[token] > 0) {
                logits.set(token, penalised(logits.get(token), occurrences[token]));
                occurrences[token] = 0;
            }
        }
    }

    private float penalised(float logit, int count) {
        float repeated = logit > 0 ? logit / options.repetitionPenalty() : logit * options.repetitionPenalty();
        return repeated - options.presencePenalty() - count * options.frequencyPenalty();
    }
}
