package dev.ondine.roofline.formula;

/** How many experts of a layer a batch reads. */
public final class ExpertUnion {

    private ExpertUnion() {
    }

    /**
     * Expected number of different experts that tokens choose, if each chooses evenly and by itself: E (1 - (1 - k/E)^B).
     *
     * @param experts of a layer, E
     * @param active  that a token chooses, k
     * @param tokens  of the batch, B
     * @see <a href="https://arxiv.org/abs/2401.04088">Mixtral of Experts</a>, whose E = 8 and k = 2
     */
    public static double expected(double experts, double active, double tokens) {
        return experts * -Math.expm1(tokens * Math.log1p(-active / experts));
    }
}
