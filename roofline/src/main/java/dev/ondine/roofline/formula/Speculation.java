package dev.ondine.roofline.formula;

/**
 * What speculative decoding gains: a small model drafts γ tokens, the large one checks them in one pass.
 *
 * <p>Each drafted token is accepted with the same probability α, by itself; c is the time of one pass of the small model in passes
 * of the large one, and a pass over γ + 1 tokens takes as long as one over a single token.
 *
 * @see <a href="https://arxiv.org/abs/2211.17192">Leviathan, Kalman, Matias: Fast Inference from Transformers via Speculative
 *      Decoding</a>
 */
public final class Speculation {

    private Speculation() {
    }

    /** Tokens that a pass of the large model gives: (1 - α^(γ+1)) / (1 - α), which is γ + 1 if all are accepted. Equation 1. */
    public static double expectedTokens(double acceptance, int draftTokens) {
        Require.share("acceptance", acceptance);
        Require.within("draft length", draftTokens, 0, 100_000);
        double tokens = 1;
        for (int i = 0; i < draftTokens; i++) {
            tokens = 1 + acceptance * tokens;
        }
        return tokens;
    }

    /**
     * Tokens per second: expected tokens / (γ t_draft + t_verify).
     *
     * @param draftSeconds  of a token of the small model
     * @param verifySeconds of a pass of the large one over γ + 1 tokens, with all that comes between two drafts
     */
    public static double tokensPerSecond(double acceptance, int draftTokens, double draftSeconds, double verifySeconds) {
        Require.notNegative("time of a drafted token", draftSeconds);
        Require.positive("time of a check", verifySeconds);
        return expectedTokens(acceptance, draftTokens) / (draftTokens * draftSeconds + verifySeconds);
    }

    /** How many times faster than without a draft: expected tokens / (γ c + 1). Theorem 3.8. */
    public static double speedUp(double acceptance, int draftTokens, double costRatio) {
        return expectedTokens(acceptance, draftTokens) / (draftTokens * Require.notNegative("cost ratio", costRatio) + 1);
    }

    /**
     * How many times more operations than without a draft: (γ ĉ + γ + 1) / expected tokens. Theorem 3.11.
     *
     * @param operationsRatio operations of the small model per token in those of the large one, ĉ
     */
    public static double operationsFactor(double acceptance, int draftTokens, double operationsRatio) {
        return (draftTokens * Require.notNegative("operations ratio", operationsRatio) + draftTokens + 1)
                / expectedTokens(acceptance, draftTokens);
    }

    /** Whether some draft is faster than none: α > c. Corollary 3.9. */
    public static boolean helps(double acceptance, double costRatio) {
        return acceptance > costRatio;
    }

    /** What the best draft gains at least where one helps: (1 + α) / (1 + c). Corollary 3.9. */
    public static double leastSpeedUp(double acceptance, double costRatio) {
        return (1 + acceptance) / (1 + costRatio);
    }

    /** The fastest length; 0 where none helps. Section 3.5. */
    public static int bestDraft(double acceptance, double costRatio, int mostTokens) {
        int best = 0;
        for (int tokens = 1; tokens <= mostTokens; tokens++) {
            if (speedUp(acceptance, tokens, costRatio) > speedUp(acceptance, best, costRatio)) {
                best = tokens;
            }
        }
        return best;
    }

    /**
     * The acceptance at which a draft is so many times faster; 0 where even refusing everything would do.
     *
     * @throws IllegalArgumentException naming the most that can be reached, if accepting everything is not enough
     */
    public static double acceptanceFor(double speedUp, int draftTokens, double costRatio) {
        double most = speedUp(1, draftTokens, costRatio);
        if (!(speedUp <= most)) {
            throw new IllegalArgumentException("drafts of %d tokens at cost %s gain at most %.3g times, wanted %s"
                    .formatted(draftTokens, costRatio, most, speedUp));
        }
        double low = 0;
        double high = 1;
        while (high - low > Math.ulp(high)) {
            double middle = (low + high) / 2;
            if (speedUp(middle, draftTokens, costRatio) < speedUp) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return speedUp(0, draftTokens, costRatio) >= speedUp ? 0 : high;
    }
}
