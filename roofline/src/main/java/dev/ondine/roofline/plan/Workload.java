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

    public Workload {
        requireInRange("prompt", promptTokens, 1);
        requireInRange("context", contextTokens, 0);
        requireInRange("batch", batch, 1);
        requireInRange("chunk", chunkTokens, 1);
    }

    private static void requireInRange(String name, int value, int least) {
        if (value < least || value > 100_000_000) {
            throw new IllegalArgumentException("%s is %d, expected %d to 100000000".formatted(name, value, least));
        }
    }
}
