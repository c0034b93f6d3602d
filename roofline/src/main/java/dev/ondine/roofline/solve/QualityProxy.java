package dev.ondine.roofline.solve;

import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;

/**
 * A stand-in for how well a model answers, from its size and its bits alone: log10 of the effective parameters, times a share that its
 * bits leave. It orders sizes and formats of models of one generation.
 *
 * <p>It is a proxy. It knows nothing of training data, its age, tuning, language or task; it cannot tell two models of one size
 * apart, overrates old models beside new ones, and does not tell how good an answer is. Nor does it know methods of
 * quantisation: all formats of equal bits count alike. Where a published score of the task is at hand, {@link #ofScore} uses it instead.
 *
 * <p>The share of the bits is interpolated along log2 of the bits between published points. Mixtral 8x7B has 70.51 of MMLU with
 * 16 bits, 70.3 with 4, 69.3 with 3 and 66.7 with 2 in its experts; Qwen 72B Chat has 74.4 with 16, 73.5 with 8 and
 * 73.4 with 4. At 8 and 4 bits both count equally (Mixtral's 8 lies halfway between 4 and 16), below 4 Mixtral's further loss does;
 * below 2 bits the last slope goes on.
 *
 * @see <a href="https://arxiv.org/abs/2312.17238">Eliseev, Mazur: Fast Inference of Mixture-of-Experts Models with Offloading</a>
 * @see <a href="https://github.com/QwenLM/Qwen">Qwen, quantization performance</a>
 */
public final class QualityProxy {

    private static final double[] BITS = {2, 3, 4, 8, 16};
    private static final double MIXTRAL_8 = (70.3 + 70.51) / 2 / 70.51;
    private static final double AT_4 = (70.3 / 70.51 + 73.4 / 74.4) / 2;
    private static final double[] SHARE = {AT_4 * 66.7 / 70.3, AT_4 * 69.3 / 70.3, AT_4, (MIXTRAL_8 + 73.5 / 74.4) / 2, 1};

    private QualityProxy() {
    }

    /** Of about 8 to 12 for models of today. */
    public static double of(ModelShape shape, Precision precision) {
        return ofScore(Math.log10(effectiveParameters(shape)), bitsPerWeight(shape, precision));
    }

    /** @param score published for 16 bits, on any scale where more is better */
    public static double ofScore(double score, double bitsPerWeight) {
        return score * share(bitsPerWeight);
    }

    /** Of all weights together, the larger formats of some included. */
    public static double bitsPerWeight(ModelShape shape, Precision precision) {
        return 8 * precision.bytes(shape) / shape.parameters();
    }

    /**
     * The size of a dense model that answers as well: for a mixture the geometric mean of all and of active parameters, a rule of thumb
     * of its makers.
     */
    public static double effectiveParameters(ModelShape shape) {
        // What no token reads, of a mixture of which only sizes are known.
        long idle = shape.weights().stream().filter(group -> group.role() == Role.EMBEDDING && group.outputs() == 1)
                .mapToLong(WeightGroup::parameters).sum();
        return Math.sqrt((double) shape.parameters() * (shape.activeParameters() - idle));
    }

    private static double share(double bits) {
        if (!(bits > 0)) {
            throw new IllegalArgumentException("%s bits a weight, expected more than 0".formatted(bits));
        }
        if (bits >= 16) {
            return 1;
        }
        int upper = 1;
        while (BITS[upper] < bits) {
            upper++;
        }
        double along = Math.log(bits / BITS[upper - 1]) / Math.log(BITS[upper] / BITS[upper - 1]);
        return Math.max(0, SHARE[upper - 1] + along * (SHARE[upper] - SHARE[upper - 1]));
    }
}
