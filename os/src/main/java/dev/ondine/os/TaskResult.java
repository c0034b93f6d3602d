package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import java.time.Duration;

/**
 * What came of a task.
 *
 * @param promptTokens       of the prompt, and of the tools' answers
 * @param cachedPromptTokens prompt tokens that were in the cache already
 * @param tokens             of the answer, the one that ended it included; of all answers, where tools came between
 * @param text               of the answer or answers, without control tokens and without a stop string
 * @param embedding          of unit length; empty for a completion
 * @param problem            why it failed; empty if it did not
 */
public record TaskResult(long id, FinishReason finishReason, int promptTokens, int cachedPromptTokens, int[] tokens, String text,
                         float[] embedding, String problem, Timings timings) {

    /**
     * @param queued     from the submission to the first step
     * @param firstToken from the submission to the first token
     * @param total      from the submission to the end
     * @param compute    its share of the time of its steps
     */
    public record Timings(Duration queued, Duration firstToken, Duration total, Duration compute) {

        /** Prefill rate, tokens per second from the first step to the first token. */
        public double promptTokensPerSecond(int computedTokens) {
            return rate(computedTokens, firstToken.minus(queued));
        }

        /** Decode rate, tokens per second: the first token comes with the prompt and does not count. */
        public double tokensPerSecond(int generated) {
            return rate(generated - 1, total.minus(firstToken));
        }

        private static double rate(int tokens, Duration time) {
            return tokens <= 0 || time.isZero() || time.isNegative() ? 0 : tokens / (time.toNanos() * 1e-9);
        }
    }
}
