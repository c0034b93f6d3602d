package dev.ondine.kernels.machine;

import java.util.Arrays;

/**
 * Which tiles take a number of tokens in the least time, from what each tile was measured to take on this machine. All tiles give
 * the same bits, so the choice changes speed only.
 */
final class TileTable {

    /** For fewer tokens than this, the best tiles are looked up; more take the tile that is fastest per token first. */
    private static final int LOOKED_UP = 33;

    private final int[] tileTokens;
    /** Index of the tile to take next for so many tokens. */
    private final int[] next = new int[LOOKED_UP];
    private final int fastest;

    /**
     * @param tileTokens of each tile, the last is 1
     * @param tileNanos  what each was measured to take
     */
    TileTable(int[] tileTokens, double[] tileNanos) {
        this.tileTokens = tileTokens;
        double[] nanos = new double[LOOKED_UP];
        Arrays.fill(nanos, 1, LOOKED_UP, Double.POSITIVE_INFINITY);
        int best = 0;
        for (int tile = 0; tile < tileTokens.length; tile++) {
            if (tileNanos[tile] / tileTokens[tile] < tileNanos[best] / tileTokens[best]) {
                best = tile;
            }
        }
        fastest = best;
        for (int tokens = 1; tokens < LOOKED_UP; tokens++) {
            for (int tile = 0; tile < tileTokens.length; tile++) {
                int rest = tokens - tileTokens[tile];
                if (rest >= 0 && nanos[rest] + tileNanos[tile] < nanos[tokens]) {
                    nanos[tokens] = nanos[rest] + tileNanos[tile];
                    next[tokens] = tile;
                }
            }
        }
    }

    /** The tile to take next for so many tokens, an index. */
    int tile(int tokens) {
        return tokens < LOOKED_UP ? next[tokens] : fastest;
    }

    /** How many tiles of this kind follow each other for so many tokens: tiles of a kind are one call. */
    int run(int tokens, int tile) {
        int count = 0;
        for (int rest = tokens; rest > 0 && tile(rest) == tile; rest -= tileTokens[tile]) {
            count++;
        }
        return count;
    }

    /** Whether tiles of one kind take so many tokens, one after another. */
    boolean isOnePass(int tokens) {
        int tile = tile(tokens);
        return run(tokens, tile) * tileTokens[tile] == tokens;
    }
}
