package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TileTableTest {

    private static final int[] TILES = {16, 8, 4, 2, 1};

    private final Random random = new Random(7);

    /** What the table's own choices cost. */
    private static double cost(TileTable table, int tokens, double[] first, double[] further) {
        double cost = 0;
        int last = -1;
        for (int rest = tokens; rest > 0; ) {
            int tile = table.tile(rest);
            assertThat(tile).as("%d of %d tokens left: larger tiles come first", rest, tokens).isGreaterThanOrEqualTo(last);
            last = tile;
            int tiles = table.run(rest, tile);
            assertThat(tiles).isPositive();
            cost += first[tile] + (tiles - 1) * further[tile];
            rest -= tiles * TILES[tile];
            assertThat(rest).isNotNegative();
        }
        return cost;
    }

    /** The least of all ways to put tiles together, from the one on that is fastest for many tokens. */
    private static double least(int tokens, double[] first, double[] further) {
        int fastest = 0;
        for (int tile = 1; tile < TILES.length; tile++) {
            fastest = further[tile] / TILES[tile] < further[fastest] / TILES[fastest] ? tile : fastest;
        }
        double[] least = new double[tokens + 1];
        for (int n = 1; n <= tokens; n++) {
            least[n] = Double.POSITIVE_INFINITY;
            for (int tile = fastest; tile < TILES.length; tile++) {
                for (int tiles = 1; tiles * TILES[tile] <= n; tiles++) {
                    least[n] = Math.min(least[n], least[n - tiles * TILES[tile]] + first[tile] + (tiles - 1) * further[tile]);
                }
            }
        }
        return least[tokens];
    }

    @RepeatedTest(50)
    void takesTheCheapestTilesForFewTokens() {
        double[] first = new double[TILES.length];
        double[] further = new double[TILES.length];
        for (int tile = 0; tile < TILES.length; tile++) {
            first[tile] = (1 + random.nextDouble()) * (2 + TILES[tile]);
            further[tile] = first[tile] * random.nextDouble(0.2, 1);
        }
        TileTable table = new TileTable(TILES, first, further);

        for (int tokens = 1; tokens < 33; tokens++) {
            assertThat(cost(table, tokens, first, further)).isCloseTo(least(tokens, first, further), within(1e-9));
        }
        for (int tokens : new int[] {33, 41, 57, 100, 128, 512, 513}) {
            assertThat(cost(table, tokens, first, further)).as("%d tokens", tokens).isPositive();
        }
    }

    /** One large tile alone costs more than four small ones, two in a row cost less than eight. */
    @Test
    void seesWhatARunSaves() {
        TileTable table = new TileTable(TILES, new double[] {56, 30, 13, 9, 8}, new double[] {18, 19, 11, 7, 5});

        assertThat(TILES[table.tile(32)]).isEqualTo(16);
        assertThat(table.run(32, table.tile(32))).isEqualTo(2);
        assertThat(table.isOnePass(512)).isTrue();
        assertThat(table.isOnePass(513)).isFalse();
    }
}
