package dev.ondine.roofline.formula;

/**
 * Speculative decoding across a link: the device drafts, the cloud checks.
 *
 * <p>A round is γ drafted tokens, one way there and back, and one pass of the cloud over γ + 1 tokens. Ondine's own model; its
 * conclusions agree with the paper below: against a cloud that streams tokens, it saves passes of the cloud rather than time.
 *
 * @param acceptance         share of drafted tokens that the cloud's model accepts, each by itself
 * @param draftSeconds       that the device takes for a token
 * @param roundTripSeconds   there and back
 * @param verifySeconds      of a pass of the cloud, however many tokens it checks
 * @param verifyTokenSeconds that each checked token adds to it; 0 while the cloud waits for its memory
 * @see <a href="https://arxiv.org/abs/2606.25091">Speculation at a Distance</a>
 */
public record LinkedSpeculation(double acceptance, double draftSeconds, double roundTripSeconds, double verifySeconds,
        double verifyTokenSeconds) {

    public LinkedSpeculation {
        Require.share("acceptance", acceptance);
        Require.positive("time of a drafted token", draftSeconds);
        Require.notNegative("round trip", roundTripSeconds);
        Require.positive("time of a check", verifySeconds);
        Require.notNegative("time of a checked token", verifyTokenSeconds);
    }

    /** Where a check takes as long however many tokens it has. */
    public LinkedSpeculation(double acceptance, double draftSeconds, double roundTripSeconds, double verifySeconds) {
        this(acceptance, draftSeconds, roundTripSeconds, verifySeconds, 0);
    }

    /** Seconds from the first drafted token until the cloud's answer: γ t_draft + RTT + t_verify(γ + 1). */
    public double roundSeconds(int draftTokens) {
        return draftTokens * draftSeconds + waitSeconds(draftTokens);
    }

    /** Tokens per second when the device waits for each answer. */
    public double tokensPerSecond(int draftTokens) {
        return Speculation.tokensPerSecond(acceptance, draftTokens, draftSeconds, waitSeconds(draftTokens));
    }

    /**
     * Seconds of a round when the device drafts on while it waits, on the guess that all is accepted.
     *
     * <p>The guess holds with probability α^(γ+1): the γ drafted tokens and the cloud's own, which the device guesses too. Then only
     * what the wait was too short for is left of the γ + 1 tokens; else the draft starts anew.
     */
    public double overlappedRoundSeconds(int draftTokens) {
        double wait = waitSeconds(draftTokens);
        double right = Math.pow(acceptance, draftTokens + 1);
        double rest = Math.clamp((draftTokens + 1) * draftSeconds - wait, 0, draftTokens * draftSeconds);
        return wait + right * rest + (1 - right) * draftTokens * draftSeconds;
    }

    /** Tokens per second when the device drafts on while it waits. */
    public double overlappedTokensPerSecond(int draftTokens) {
        return Speculation.expectedTokens(acceptance, draftTokens) / overlappedRoundSeconds(draftTokens);
    }

    /** Passes that the cloud saves: tokens that one of its passes gives. */
    public double cloudTokensPerPass(int draftTokens) {
        return Speculation.expectedTokens(acceptance, draftTokens);
    }

    /** Share of the time for which this sequence keeps the cloud busy. */
    public double cloudShare(int draftTokens) {
        return checkSeconds(draftTokens) / roundSeconds(draftTokens);
    }

    /** How many times faster than a cloud that decodes alone and streams its tokens, whose round trip delays only the first. */
    public double gainOverCloud(int draftTokens, double cloudTokenSeconds) {
        return tokensPerSecond(draftTokens) * cloudTokenSeconds;
    }

    /** How many times faster than the device decoding alone. @param deviceTokenSeconds of the model that answers there */
    public double gainOverDevice(int draftTokens, double deviceTokenSeconds) {
        return tokensPerSecond(draftTokens) * deviceTokenSeconds;
    }

    /** The fastest number of tokens, 1 to most, to draft before asking the cloud. */
    public int bestDraft(int mostTokens) {
        int best = 1;
        for (int tokens = 2; tokens <= mostTokens; tokens++) {
            if (tokensPerSecond(tokens) > tokensPerSecond(best)) {
                best = tokens;
            }
        }
        return best;
    }

    /**
     * The longest round trip with which some draft of up to so many tokens is as fast as the cloud alone:
     * most of E t_cloud - γ t_draft - t_verify. Negative where none is even without a link.
     */
    public double breakEvenRoundTrip(double cloudTokenSeconds, int mostTokens) {
        double longest = Double.NEGATIVE_INFINITY;
        for (int tokens = 1; tokens <= mostTokens; tokens++) {
            longest = Math.max(longest, Speculation.expectedTokens(acceptance, tokens) * cloudTokenSeconds
                    - tokens * draftSeconds - checkSeconds(tokens));
        }
        return longest;
    }

    private double waitSeconds(int draftTokens) {
        return roundTripSeconds + checkSeconds(draftTokens);
    }

    private double checkSeconds(int draftTokens) {
        return verifySeconds + (draftTokens + 1) * verifyTokenSeconds;
    }
}
