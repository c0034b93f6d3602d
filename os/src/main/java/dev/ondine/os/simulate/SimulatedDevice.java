package dev.ondine.os.simulate;

/**
 * How a simulated device differs from what the cost model says of it.
 *
 * @param decodeFactor       its decoding steps take so many times the model's
 * @param readFactor         the same for steps that read prompts
 * @param noise              standard deviation of the natural logarithm of each step's time
 * @param cacheTokens        room in its cache
 * @param diskBytesPerSecond by which a parked cache moves out and in; 0 to compute it again
 * @param mostRows           of a step
 * @param mostLogitsRows     of a step
 */
public record SimulatedDevice(double decodeFactor, double readFactor, double noise, long cacheTokens, double diskBytesPerSecond,
                              int mostRows, int mostLogitsRows) {

    /** As the cost model says, with room for everything. */
    public static SimulatedDevice exact(int mostRows, int mostLogitsRows) {
        return new SimulatedDevice(1, 1, 0, Long.MAX_VALUE, 0, mostRows, mostLogitsRows);
    }

    public SimulatedDevice taking(double decode, double read, double sigma) {
        return new SimulatedDevice(decode, read, sigma, cacheTokens, diskBytesPerSecond, mostRows, mostLogitsRows);
    }

    public SimulatedDevice caching(long tokens, double bytesPerSecond) {
        return new SimulatedDevice(decodeFactor, readFactor, noise, tokens, bytesPerSecond, mostRows, mostLogitsRows);
    }
}
