package dev.ondine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairMergerTest {

    /** Symbols 0 to 3 and what they join to; joins with equal ranks are there too. */
    private static long join(int left, int right, int from, int to) {
        int mixed = left * 31 + right * 17;
        return to - from > 12 || mixed % 3 == 0 ? PairTable.ABSENT : (long) (mixed % 5 - 2) << 32 | mixed % 97;
    }

    @Test
    void heapAndScanMergeAlike() {
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            int size = random.nextInt(40);
            int[] symbols = random.ints(size, 0, 4).toArray();
            PairMerger byHeap = new PairMerger(0);
            PairMerger byScan = new PairMerger(40);
            assertThat(merged(byHeap, symbols)).isEqualTo(merged(byScan, symbols));
        }
    }

    private static List<String> merged(PairMerger merger, int[] symbols) {
        for (int i = 0; i < symbols.length; i++) {
            merger.add(symbols[i], i, i + 1);
        }
        merger.merge(PairMergerTest::join);
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < merger.size(); i++) {
            merged.add(merger.symbol(i) + "@" + merger.start(i) + "-" + merger.end(i));
        }
        return merged;
    }

    @Test
    void looksUpAtMostThreePairsPerSymbolOfALongWord() {
        PairMerger merger = new PairMerger();
        int[] lookups = {0};
        for (int i = 0; i < 100_000; i++) {
            merger.add(0, i, i + 1);
        }
        merger.merge((left, right, from, to) -> {
            lookups[0]++;
            return left == right ? (long) left << 32 | left + 1 : PairTable.ABSENT;
        });
        assertThat(merger.size()).isLessThan(20);
        assertThat(lookups[0]).isLessThan(300_000);
    }
}
