package dev.ondine.synth;

/** Independent seeds from one. */
final class Seeds {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seeds() {
    }

    static long mixed(long seed, String name) {
        long mixed = seed;
        for (int i = 0; i < name.length(); i++) {
            mixed = mixed(mixed, name.charAt(i));
        }
        return mixed;
    }

    /** The output function of SplitMix64, <a href="https://doi.org/10.1145/2714064.2660195">doi:10.1145/2714064.2660195</a>. */
    static long mixed(long seed, long number) {
        long z = seed + GOLDEN_GAMMA * (number + 1);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
