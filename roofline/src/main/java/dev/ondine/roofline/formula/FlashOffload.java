package dev.ondine.roofline.formula;

/**
 * Weights that are read from flash for every token.
 *
 * @see <a href="https://arxiv.org/abs/2312.11514">Alizadeh et al., LLM in a flash</a>
 */
public final class FlashOffload {

    private FlashOffload() {
    }

    /**
     * Bytes that a token reads from flash.
     *
     * @param modelBytes    of all weights
     * @param residentShare of them that stays in RAM
     * @param activeShare   of the rest that a token uses, or is predicted to use; 1 without sparsity
     * @param freshShare    of those that the tokens before did not leave in RAM; 1 without a window
     */
    public static double bytesPerToken(double modelBytes, double residentShare, double activeShare, double freshShare) {
        return modelBytes * (1 - Require.share("resident share", residentShare)) * Require.share("active share", activeShare)
                * Require.share("fresh share", freshShare);
    }

    /** Seconds of reading: bytes / throughput. */
    public static double seconds(double bytes, double bytesPerSecond) {
        return bytes / Require.positive("throughput", bytesPerSecond);
    }

    /**
     * Throughput of reads at random places: chunk / (latency + chunk / peak), as section 2.2 explains why larger chunks pay.
     *
     * @param latencySeconds until the first byte, after what reads in flight together hide
     * @param bytesPerSecond of long reads
     */
    public static double throughput(double chunkBytes, double latencySeconds, double bytesPerSecond) {
        return chunkBytes / (latencySeconds + chunkBytes / bytesPerSecond);
    }

    /** The latency behind a throughput that was measured with chunks of one size: the inverse of {@link #throughput}. */
    public static double latencySeconds(double chunkBytes, double throughput, double bytesPerSecond) {
        Require.within("throughput of chunks", throughput, Double.MIN_VALUE, bytesPerSecond);
        return chunkBytes / throughput - chunkBytes / bytesPerSecond;
    }
}
