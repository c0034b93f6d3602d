package dev.ondine.roofline.formula;

/** How many bits a pruned weight takes, zeros counted as weights. */
public final class Sparsity {

    private Sparsity() {
    }

    /**
     * So many weights of each group are kept, each with its place in the group: (kept b + kept log2 group) / group.
     * 2 of 4 take 9/16 of the dense bits at 16 bits and 3/4 at 4 bits.
     *
     * @param valueBits of a kept weight
     * @see <a href="https://arxiv.org/abs/2104.08378">Mishra et al., Accelerating Sparse Deep Neural Networks</a>
     */
    public static double structuredBits(int kept, int group, double valueBits) {
        Require.within("group size", group, 1, 1 << 20);
        Require.within("number of kept weights", kept, 1, group);
        double indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(group - 1);
        return kept * (Require.positive("bits", valueBits) + indexBits) / group;
    }

    /** One bit for each weight says whether its value follows: density x b + 1. */
    public static double bitmapBits(double density, double valueBits) {
        return Require.share("density", density) * Require.positive("bits", valueBits) + 1;
    }

    /** The density below which a bitmap is smaller than dense weights: 1 - 1/b. */
    public static double bitmapBreakEven(double valueBits) {
        return 1 - 1 / Require.within("bits", valueBits, 1, 64);
    }
}
