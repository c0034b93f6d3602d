package dev.ondine.roofline.formula;

/**
 * Operations and cache bytes of a plain transformer, from its few large numbers. A multiply-accumulate is two operations.
 *
 * @see <a href="https://kipp.ly/transformer-inference-arithmetic/">kipply, Transformer Inference Arithmetic</a>
 */
public final class TransformerWork {

    /** Weights of a layer in units of modelDim²: query, key, value, output, and a feed-forward network four times as wide. */
    private static final double LAYER_SQUARES = 12;

    private TransformerWork() {
    }

    /** Weights of all layers, embeddings aside: 12 L d². */
    public static double layerWeights(double layers, double modelDim) {
        return LAYER_SQUARES * layers * modelDim * modelDim;
    }

    /** Operations per token: 24 L d², which is 2 N without embeddings. */
    public static double layerOperations(double layers, double modelDim) {
        return operations(layerWeights(layers, modelDim));
    }

    /** Operations per token of a model with so many (active) parameters: 2 N. */
    public static double operations(double parameters) {
        return 2 * parameters;
    }

    /** Operations that make the keys and values of one token: 4 L d². */
    public static double keyValueOperations(double layers, double modelDim) {
        return 4 * layers * modelDim * modelDim;
    }

    /**
     * Operations of a prompt: 2 N T for the weights and 4 L d T²/2 for attention, where a token attends to those before it.
     *
     * @param parameters active ones
     * @param modelDim   heads x headDim
     */
    public static double prefillOperations(double parameters, double layers, double modelDim, double tokens) {
        return operations(parameters) * tokens + 2 * layers * modelDim * tokens * tokens;
    }

    /**
     * Bytes that one token leaves in the cache: keys and values of every layer.
     *
     * @param bytesPerNumber 2 for FP16, 1 for INT8
     * @see <a href="https://www.databricks.com/blog/llm-inference-performance-engineering-best-practices">Databricks, Table 3</a>
     */
    public static double cacheBytesPerToken(double layers, double kvHeads, double headDim, double bytesPerNumber) {
        return 2 * layers * kvHeads * headDim * bytesPerNumber;
    }
}
