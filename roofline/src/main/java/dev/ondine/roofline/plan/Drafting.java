package dev.ondine.roofline.plan;

import dev.ondine.roofline.formula.Speculation;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;

/**
 * A small model that proposes tokens, which the large one checks in one step.
 *
 * @param shape        of the draft model
 * @param precision    of its weights
 * @param draftTokens  proposed per round, gamma
 * @param acceptance   chance that a proposed token is taken, alpha
 * @see <a href="https://arxiv.org/abs/2211.17192">Leviathan et al.: Fast Inference from Transformers via Speculative Decoding</a>
 */
public record Drafting(ModelShape shape, Precision precision, int draftTokens, double acceptance) {

    public Drafting {
        if (draftTokens < 1 || draftTokens > 1000) {
            throw new IllegalArgumentException("the draft is %d tokens, expected 1 to 1000".formatted(draftTokens));
        }
        if (!(acceptance >= 0 && acceptance <= 1)) {
            throw new IllegalArgumentException("acceptance is %s, expected 0 to 1".formatted(acceptance));
        }
    }

    /** Expected tokens of a round: the accepted ones and the one that the check itself gives, (1 - a^(g+1)) / (1 - a). */
    public double tokensPerRound() {
        return Speculation.expectedTokens(acceptance, draftTokens);
    }

    public Drafting withAcceptance(double changed) {
        return new Drafting(shape, precision, draftTokens, changed);
    }

    public Drafting withDraftTokens(int changed) {
        return new Drafting(shape, precision, changed, acceptance);
    }
}
