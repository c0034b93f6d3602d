package dev.ondine.engine;

import java.time.Duration;

/**
 * What a generation gave.
 *
 * @param promptTokens ids that were given
 * @param tokens       ids that were generated, the one that ended it included
 * @param text         of the tokens, without control tokens and without a stop string
 */
public record Completion(int[] promptTokens, int[] tokens, String text, FinishReason finishReason, Timings timings) {

    /**
     * @param computedPromptTokens prompt tokens that were not in the cache already
     * @param prompt               time to read them
     * @param generate             time from the first logits to the end
     * @param firstToken           time from the call to the first token
     */
    public record Timings(int computedPromptTokens, int generatedTokens, Duration prompt, Duration generate, Duration firstToken) {

        /** Prefill rate, tokens per second. */
        public double promptTokensPerSecond() {
            return rate(computedPromptTokens, prompt);
        }

        /** Decode rate, tokens per second: the first token comes with the prompt and does not count. */
        public double tokensPerSecond() {
            return rate(generatedTokens - 1, generate);
        }

        private static double rate(int tokens, Duration time) {
            return tokens <= 0 || time.isZero() ? 0 : tokens / (time.toNanos() * 1e-9);
        }
    }
}
