package dev.ondine.roofline.formula;

/**
 * Model bandwidth utilisation (MBU): how much of the memory bandwidth the decoding of tokens uses.
 *
 * @see <a href="https://www.databricks.com/blog/llm-inference-performance-engineering-best-practices">Databricks, LLM Inference
 *      Performance Engineering</a>
 */
public final class BandwidthUtilisation {

    private BandwidthUtilisation() {
    }

    /**
     * The share of the bandwidth that was used: (weights + cache) / time per token / bandwidth.
     *
     * @param tokenSeconds per output token
     */
    public static double share(double weightBytes, double cacheBytes, double tokenSeconds, double bytesPerSecond) {
        Require.positive("time per token", tokenSeconds);
        return (weightBytes + cacheBytes) / tokenSeconds / Require.positive("bandwidth", bytesPerSecond);
    }

    /**
     * Tokens per second of one sequence: MBU x bandwidth / (weights + cache).
     *
     * @param weightBytes that a token reads: without an embedding that is only looked up, of experts the active ones
     */
    public static double tokensPerSecond(double share, double weightBytes, double cacheBytes, double bytesPerSecond) {
        return share * bytesPerSecond / Require.positive("bytes per token", weightBytes + cacheBytes);
    }

    /** Bandwidth that a decode rate needs: the inverse of {@link #tokensPerSecond}. */
    public static double bandwidthFor(double tokensPerSecond, double share, double weightBytes, double cacheBytes) {
        return tokensPerSecond * (weightBytes + cacheBytes) / Require.positive("utilisation", share);
    }

    /** The most weights that are read fast enough for a decode rate, with an empty cache. */
    public static double mostWeights(double tokensPerSecond, double share, double bytesPerWeight, double bytesPerSecond) {
        return share * bytesPerSecond / (Require.positive("decode rate", tokensPerSecond) * bytesPerWeight);
    }
}
