package dev.ondine.engine;

import java.util.Map;

/**
 * How a token is picked from its logits. Filters act in this order: bias, penalties, top-k, typical, top-p, min-p, temperature.
 *
 * @param temperature       divides the logits; 0 picks the likeliest token
 * @param topK              keeps this many of the likeliest; 0 keeps all
 * @param topP              keeps the likeliest that together reach this probability; 1 keeps all
 *                          (<a href="https://arxiv.org/abs/1904.09751">arXiv:1904.09751</a>)
 * @param minP              keeps those at least this fraction as likely as the likeliest; 0 keeps all
 *                          (<a href="https://arxiv.org/abs/2407.01082">arXiv:2407.01082</a>)
 * @param typicalP          keeps those whose surprise is closest to the expected, up to this probability; 1 keeps all
 *                          (<a href="https://arxiv.org/abs/2202.00666">arXiv:2202.00666</a>)
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen lately; 1 does nothing
 *                          (<a href="https://arxiv.org/abs/1909.05858">arXiv:1909.05858</a>)
 * @param presencePenalty   subtracted once from tokens seen lately
 * @param frequencyPenalty  subtracted per occurrence from tokens seen lately
 * @param penaltyWindow     how many of the last tokens count as lately
 * @param logitBias         added to the logits of these tokens
 * @param seed              of the random numbers: same seed, same text
 */
public record SamplingOptions(float temperature, int topK, float topP, float minP, float typicalP,
                              float repetitionPenalty, float presencePenalty, float frequencyPenalty, int penaltyWindow,
                              Map<Integer, Float> logitBias, long seed) {

    /** Always the likeliest token. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 1, 0, 0, 64, Map.of(), 0);

    /** @throws IllegalArgumentException if a value is outside its range */
    public SamplingOptions {
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        require(topK >= 0, "top-k", topK, "0 or more");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1");
        require(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1");
        require(typicalP > 0 && typicalP <= 1, "typical-p", typicalP, "above 0, at most 1");
        require(repetitionPenalty > 0 && repetitionPenalty <= 100, "repetition penalty", repetitionPenalty, "above 0, at most 100");
        require(Math.abs(presencePenalty) <= 100, "presence penalty", presencePenalty, "-100 to 100");
        require(Math.abs(frequencyPenalty) <= 100, "frequency penalty", frequencyPenalty, "-100 to 100");
        require(penaltyWindow >= 0, "penalty window", penaltyWindow, "0 or more");
        logitBias.forEach((token, bias) -> require(!bias.isNaN(), "logit bias of token " + token, bias, "a number"));
        logitBias = Map.copyOf(logitBias);
    }

    public SamplingOptions withTemperature(float other) {
        return new SamplingOptions(other, topK, topP, minP, typicalP, repetitionPenalty, presencePenalty, frequencyPenalty, penaltyWindow,
                logitBias, seed);
    }

    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(temperature, topK, topP, minP, typicalP, repetitionPenalty, presencePenalty, frequencyPenalty,
                penaltyWindow, logitBias, other);
    }

    private static void require(boolean holds, String name, Number found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, found, expected));
        }
    }

    boolean hasPenalties() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    /** @throws IllegalArgumentException if a biased token is not in the vocabulary */
    void requireBiasWithin(int vocabSize) {
        for (int token : logitBias.keySet()) {
            require(token >= 0 && token < vocabSize, "token of a logit bias", token, "0 to " + (vocabSize - 1));
        }
    }
}
