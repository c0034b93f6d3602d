package dev.ondine.roofline.formula;

/**
 * The keys and values of a sequence that is set aside: kept in RAM, written to flash and read back, or dropped and computed again.
 *
 * @param bytes  of the cache
 * @param tokens that it holds
 * @see <a href="https://arxiv.org/abs/2402.01869">InferCept</a>, which chooses among the three
 */
public record ParkedCache(double bytes, double tokens) {

    public ParkedCache {
        Require.notNegative("cache size", bytes);
        Require.notNegative("number of tokens", tokens);
    }

    /** Seconds to write it away, or to read it back. */
    public double transferSeconds(double bytesPerSecond) {
        return bytes / Require.positive("flash bandwidth", bytesPerSecond);
    }

    /** Seconds to write it away and read it back. */
    public double swapSeconds(double writeBytesPerSecond, double readBytesPerSecond) {
        return transferSeconds(writeBytesPerSecond) + transferSeconds(readBytesPerSecond);
    }

    /** Seconds to compute it again. */
    public double recomputeSeconds(double prefillTokensPerSecond) {
        return tokens / Require.positive("prefill rate", prefillTokensPerSecond);
    }

    /** Whether flash is faster than computing again. */
    public boolean swapIsFaster(double writeBytesPerSecond, double readBytesPerSecond, double prefillTokensPerSecond) {
        return swapSeconds(writeBytesPerSecond, readBytesPerSecond) < recomputeSeconds(prefillTokensPerSecond);
    }
}
