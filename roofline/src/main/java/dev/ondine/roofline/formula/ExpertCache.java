package dev.ondine.roofline.formula;

import java.util.Arrays;

/**
 * Experts of a mixture in fast memory, the others behind a slow link: RAM over flash, or a graphics card over its bus.
 *
 * @param layers      with experts
 * @param experts     of a layer
 * @param active      that a token uses in each layer
 * @param slots       experts of a layer that the fast memory holds
 * @param expertBytes of one expert
 * @param sharedBytes that every token reads: attention, router, shared experts, output
 * @see <a href="https://arxiv.org/abs/2312.17238">Eliseev, Mazur: Fast Inference of Mixture-of-Experts Language Models with
 *      Offloading</a>
 */
public record ExpertCache(int layers, int experts, int active, int slots, double expertBytes, double sharedBytes) {

    public ExpertCache {
        Require.within("number of layers", layers, 1, 1e6);
        Require.within("number of experts", experts, 1, 1e6);
        Require.within("number of active experts", active, 1, experts);
        Require.within("number of slots", slots, 0, experts);
        Require.positive("bytes of an expert", expertBytes);
        Require.notNegative("shared bytes", sharedBytes);
    }

    /** Bytes that a token reads: shared + layers x active x expert. */
    public double bytesPerToken() {
        return batchBytes(1);
    }

    /** Bytes that a batch of tokens reads: shared weights once, and of each layer the union of the tokens' experts. */
    public double batchBytes(double tokens) {
        return sharedBytes + layers * ExpertUnion.expected(experts, active, tokens) * expertBytes;
    }

    /** Bytes of fast memory in use. */
    public double residentBytes() {
        return sharedBytes + (double) layers * slots * expertBytes;
    }

    /** Share of a token's experts that the fast memory holds if the router chooses evenly, however they are replaced: slots / experts. */
    public double evenHitRatio() {
        return (double) slots / experts;
    }

    /**
     * Share of uses that hit with the least recently used expert replaced, where the r-th most popular expert is chosen in proportion
     * to 1 / r^skew. Choices are independent of each other.
     *
     * @param skew 0 for even routing, 1 for Zipf's law
     * @see <a href="https://doi.org/10.1109/JSAC.2002.801752">Che, Tung, Wang: Hierarchical Web Caching Systems</a>
     */
    public double recencyHitRatio(double skew) {
        if (slots == 0 || slots == experts) {
            return evenHitRatio();
        }
        double[] popularity = popularity(skew);
        double memory = cacheMemory(popularity);
        return Arrays.stream(popularity).map(share -> share * heldShare(share, memory)).sum();
    }

    /** Share of uses that hit with the most popular experts pinned: what no replacement beats, if choices are independent. */
    public double pinnedHitRatio(double skew) {
        return Arrays.stream(popularity(skew)).limit(slots).sum();
    }

    /**
     * Seconds per token: all of a token's bytes from fast memory, and what missed over the link before that.
     *
     * @param hitRatio           of the cache, perhaps with experts that were fetched ahead
     * @param fastBytesPerSecond of the memory that computes
     * @param linkBytesPerSecond of flash or bus
     */
    public double secondsPerToken(double hitRatio, double fastBytesPerSecond, double linkBytesPerSecond) {
        return bytesPerToken() / Require.positive("memory bandwidth", fastBytesPerSecond)
                + missedBytes(hitRatio) / Require.positive("link bandwidth", linkBytesPerSecond);
    }

    /** Bytes of a token's experts that the fast memory does not hold. */
    public double missedBytes(double hitRatio) {
        return (1 - Require.share("hit ratio", hitRatio)) * layers * active * expertBytes;
    }

    private double[] popularity(double skew) {
        Require.within("skew", skew, 0, 10);
        double[] shares = new double[experts];
        Arrays.setAll(shares, rank -> Math.pow(rank + 1, -skew));
        double sum = Arrays.stream(shares).sum();
        Arrays.setAll(shares, rank -> shares[rank] / sum);
        return shares;
    }

    /** Uses back that the cache remembers: that after which it holds as many experts as it has slots. */
    private double cacheMemory(double[] popularity) {
        double low = 0;
        double high = 1;
        while (held(popularity, high) < slots) {
            high *= 2;
        }
        while (high - low > 1e-12 * high) {
            double middle = (low + high) / 2;
            if (held(popularity, middle) < slots) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double held(double[] popularity, double memory) {
        return Arrays.stream(popularity).map(share -> heldShare(share, memory)).sum();
    }

    private static double heldShare(double share, double memory) {
        return -Math.expm1(-share * memory);
    }
}
