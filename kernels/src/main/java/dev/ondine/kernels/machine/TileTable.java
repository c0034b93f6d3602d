package dev.ondine.kernels.machine;

import java.util.Arrays;

/**
 * Which tiles take a number of tokens in the least time, from what each tile was measured to take on this machine. All tiles give
 * the same bits, so the choice changes speed only. Larger tiles come first: matrix tiles begin at whole multiples of their tokens.
 */
final class TileTable {

    /** For fewer tokens than this, the best tiles are looked up; more take the tile that is fastest per token first. */
    private static final int LOOKED_UP = 33;

    private final int[] tileTokens;
    /** Index of the tile to take next for so many tokens. */
    private final int[] next = new int[LOOKED_UP];
    /** How many of that kind follow each other. */
    private final int[] count = new int[LOOKED_UP];
    private final int fastest;

    /**
     * @param tileTokens of each tile, descending, the last is 1
     * @param first      what one tile of each kind was measured to take
     * @param further    what each takes that follows one of its kind
     */
    TileTable(int[] tileTokens, double[] first, double[] further) {
        this.tileTokens = tileTokens;
        fastest = fastest(further);
        double[] cost = new double[LOOKED_UP];
        Arrays.fill(cost, 1, LOOKED_UP, Double.POSITIVE_INFINITY);
        for (int tokens = 1; tokens < LOOKED_UP; tokens++) {
            // Many tokens begin with the fastest, so what is left of them takes no larger one.
            for (int tile = fastest; tile < tileTokens.length; tile++) {
                for (int tiles = 1; tiles * tileTokens[tile] <= tokens; tiles++) {
                    int rest = tokens - tiles * tileTokens[tile];
                    double nanos = cost[rest] + first[tile] + (tiles - 1) * further[tile];
                    if (nanos < cost[tokens] && (rest == 0 || next[rest] > tile)) {
                        cost[tokens] = nanos;
                        next[tokens] = tile;
                        count[tokens] = tiles;
                    }
                }
            }
        }
    }

    private int fastest(double[] nanos) {
        int best = 0;
        for (int tile = 1; tile < nanos.length; tile++) {
            if (nanos[tile] / tileTokens[tile] < nanos[best] / tileTokens[best]) {
                best = tile;
            }
        }
        return best;
    }

    /** The tile to take next for so many tokens, an index. */
    int tile(int tokens) {
        return tokens < LOOKED_UP ? next[tokens] : fastest;
    }

    /** How many tiles of this kind follow each other for so many tokens: tiles of a kind are one call. */
    int run(int tokens, int tile) {
        if (tokens < LOOKED_UP) {
            return next[tokens] == tile ? count[tokens] : 0;
        }
        int before = tile == fastest ? (tokens - LOOKED_UP) / tileTokens[tile] + 1 : 0;
        int rest = tokens - before * tileTokens[tile];
        return before > 0 && rest > 0 ? before + run(rest, tile) : before;
    }

    /** Whether tiles of one kind take so many tokens, one after another. */
    boolean isOnePass(int tokens) {
        int tile = tile(tokens);
        return run(tokens, tile) * tileTokens[tile] == tokens;
    }
}
