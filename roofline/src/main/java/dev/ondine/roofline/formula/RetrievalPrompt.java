package dev.ondine.roofline.formula;

/**
 * A prompt that carries retrieved passages (RAG).
 *
 * @param chunks         passages
 * @param tokensPerChunk with their headings
 * @param questionTokens with the system prompt
 * @see <a href="https://arxiv.org/abs/2005.11401">Lewis et al., Retrieval-Augmented Generation</a>
 */
public record RetrievalPrompt(int chunks, int tokensPerChunk, int questionTokens) {

    public RetrievalPrompt {
        Require.within("number of chunks", chunks, 0, 1e6);
        Require.within("chunk length", tokensPerChunk, 0, 1e6);
        Require.within("question length", questionTokens, 0, 1e9);
    }

    public long promptTokens() {
        return retrievedTokens() + questionTokens;
    }

    public long retrievedTokens() {
        return (long) chunks * tokensPerChunk;
    }

    /** Seconds by which the passages delay the first token. */
    public double addedSeconds(double prefillTokensPerSecond) {
        return retrievedTokens() / Require.positive("prefill rate", prefillTokensPerSecond);
    }

    /**
     * Bytes of an index of passages' vectors.
     *
     * @param links of each passage to its neighbours, 4 bytes each; 0 for a flat index
     * @see <a href="https://arxiv.org/abs/1603.09320">Malkov, Yashunin: HNSW</a>
     */
    public static double indexBytes(double passages, double dimensions, double bytesPerNumber, double links) {
        return passages * (dimensions * bytesPerNumber + links * Integer.BYTES);
    }
}
