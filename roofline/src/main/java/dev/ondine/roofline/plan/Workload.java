package dev.ondine.roofline.plan;

/**
 * What a user does with a model.
 *
 * @param promptTokens  that are read before the first token comes
 * @param contextTokens in the cache while decoding, and reserved in memory for each sequence
 * @param batch         sequences that decode together
 * @param chunkTokens   most prompt tokens of a step
 */
public record Workload(int promptTokens, int contextTokens, int batch, int chunkTokens) {

    /** A prompt of 512 tokens, decoding at a depth of 1,024, one sequence. */
    public static final Workload USUAL = new Workload(512, 1024, 1, 512);

    private static final int MOST = 100_000_000;

    public Workload {
        requireInRange("prompt", promptTokens, 1);
        requireInRange("context", contextTokens, 0);
        requireInRange("batch", batch, 1);
        requireInRange("chunk", chunkTokens, 1);
    }

    private static void requireInRange(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException("%s is %d, expected %d to %d".formatted(name, value, least, MOST));
        }
    }

    public Workload withPrompt(int tokens) {
        return new Workload(tokens, contextTokens, batch, chunkTokens);
    }

    public Workload withContext(int tokens) {
        return new Workload(promptTokens, tokens, batch, chunkTokens);
    }

    public Workload withBatch(int sequences) {
        return new Workload(promptTokens, contextTokens, sequences, chunkTokens);
    }
}
