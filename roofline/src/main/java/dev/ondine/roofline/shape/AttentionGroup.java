package dev.ondine.roofline.shape;

/**
 * Layers with equal attention.
 *
 * @param layers     how many
 * @param heads      query heads
 * @param headDim    channels of a query head
 * @param kvElements numbers that a token leaves in the cache of one layer: 2 x kvHeads x headDim, or the latent's width
 * @param window     most past tokens that are read; 0 for all
 */
public record AttentionGroup(int layers, int heads, int headDim, long kvElements, int window) {

    /** Grouped-query attention. */
    public static AttentionGroup of(int layers, int heads, int kvHeads, int headDim, int window) {
        return new AttentionGroup(layers, heads, headDim, 2L * kvHeads * headDim, window);
    }

    /** Past tokens that a token at this depth reads, itself included. */
    public double reach(double depth) {
        return window == 0 ? depth : Math.min(depth, window);
    }
}
