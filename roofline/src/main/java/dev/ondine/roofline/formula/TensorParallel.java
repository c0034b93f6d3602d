package dev.ondine.roofline.formula;

/**
 * A model whose matrices are cut over equal devices, each holding a slice of every layer.
 *
 * <p>Work divides by the number of devices; each layer needs four rounds of messages, two after attention and two after the
 * feed-forward network. Messages and work overlap, so the longer one counts.
 *
 * @param devices               that share the model
 * @param bytesPerSecond        of the memory of one
 * @param operationsPerSecond   of one
 * @param linkBytesPerSecond    that one sends
 * @param messageSeconds        that a message takes however short it is: 8 µs over NVLink
 * @see <a href="https://kipp.ly/transformer-inference-arithmetic/">kipply, Transformer Inference Arithmetic</a>
 */
public record TensorParallel(int devices, double bytesPerSecond, double operationsPerSecond, double linkBytesPerSecond,
        double messageSeconds) {

    /** Rounds of messages in a layer. */
    private static final int ROUNDS = 4;
    private static final int BYTES_PER_ACTIVATION = 2;

    public TensorParallel {
        Require.within("number of devices", devices, 1, 1e6);
        Require.positive("bandwidth", bytesPerSecond);
        Require.positive("peak", operationsPerSecond);
        Require.positive("link bandwidth", linkBytesPerSecond);
        Require.notNegative("message time", messageSeconds);
    }

    /** Seconds to read the weights, each device its slice. */
    public double weightSeconds(double weightBytes) {
        return weightBytes / devices / bytesPerSecond;
    }

    /** Seconds to multiply so many tokens with so many weights. */
    public double computeSeconds(double parameters, double tokens) {
        return TransformerWork.operations(parameters) * tokens / devices / operationsPerSecond;
    }

    /** Seconds that short messages take: 4 L rounds. Nothing on one device. */
    public double latencySeconds(double layers) {
        return devices == 1 ? 0 : ROUNDS * layers * messageSeconds;
    }

    /** Seconds that long messages take: 4 L rounds of a 16-bit activation per token. Nothing on one device. */
    public double transferSeconds(double layers, double modelDim, double tokens) {
        return devices == 1 ? 0 : ROUNDS * BYTES_PER_ACTIVATION * layers * modelDim * tokens / linkBytesPerSecond;
    }

    /** Operations that a device can do while it sends a byte. */
    public double operationsPerLinkByte() {
        return operationsPerSecond / linkBytesPerSecond;
    }

    /** Seconds of a step that adds one token to each of some sequences; reading caches is left out. */
    public double stepSeconds(double parameters, double weightBytes, double layers, double modelDim, double tokens) {
        double work = Math.max(weightSeconds(weightBytes), computeSeconds(parameters, tokens));
        return Math.max(work, Math.max(latencySeconds(layers), transferSeconds(layers, modelDim, tokens)));
    }
}
