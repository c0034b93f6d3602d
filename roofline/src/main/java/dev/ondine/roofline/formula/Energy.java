package dev.ondine.roofline.formula;

/**
 * What a token costs in joules: bits moved, numbers multiplied, and a device that is on meanwhile.
 *
 * @see <a href="https://doi.org/10.1109/ISSCC.2014.6757323">Horowitz, Computing's Energy Problem</a>
 */
public final class Energy {

    /** Bits cross the bus of a phone's LPDDR5 for so much; 4 to 20 pJ in the literature. */
    public static final double LPDDR5_JOULES_PER_BIT = 7e-12;

    /** Horowitz's DRAM: 640 pJ for 32 bits, of 2014. */
    public static final double DRAM_2014_JOULES_PER_BIT = 20e-12;

    /** Horowitz's 8-bit multiplication and addition at 45 nm. */
    public static final double INT8_MULTIPLY_ACCUMULATE_JOULES = 0.23e-12;

    private static final double JOULES_PER_WATT_HOUR = 3600;

    private Energy() {
    }

    /** Joules to bring bytes from memory. */
    public static double movedJoules(double bytes, double joulesPerBit) {
        return 8 * bytes * joulesPerBit;
    }

    /** Joules of a token: 8 x bytes x e_bit + multiply-accumulates x e_mac + idle power x time. */
    public static double tokenJoules(double bytes, double joulesPerBit, double multiplyAccumulates, double joulesPerMultiplyAccumulate,
            double idleWatts, double seconds) {
        return movedJoules(bytes, joulesPerBit) + multiplyAccumulates * joulesPerMultiplyAccumulate + idleWatts * seconds;
    }

    /** Tokens that a share of a battery pays for. */
    public static double batteryTokens(double wattHours, double share, double tokenJoules) {
        return wattHours * JOULES_PER_WATT_HOUR * Require.share("share of the battery", share)
                / Require.positive("energy per token", tokenJoules);
    }

    /** Joules per token, from how much of a battery so many tokens took. */
    public static double measuredTokenJoules(double wattHours, double share, double tokens) {
        return wattHours * JOULES_PER_WATT_HOUR * share / Require.positive("number of tokens", tokens);
    }
}
