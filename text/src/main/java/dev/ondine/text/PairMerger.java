package dev.ondine.text;

import java.util.Arrays;

/**
 * Byte-pair merging of one word: joins neighbouring symbols, the pair of lowest rank first and of those the leftmost, until no
 * pair can be joined.
 *
 * <p>Short words are scanned for the best pair each time. Longer ones keep their pairs in a heap, so that a word of n symbols
 * takes O(n log n) whatever it spells. Not for use by several threads.
 */
final class PairMerger {

    /** Which pairs join, and in which order. */
    @FunctionalInterface
    interface Joins {
        /**
         * The rank of a pair (signed) in the upper 32 bits and the joined symbol in the lower, or {@link PairTable#ABSENT}.
         *
         * @param from where the left symbol starts in the text
         * @param to   where the right symbol ends
         */
        long join(int left, int right, int from, int to);
    }

    private static final long NONE = PairTable.ABSENT;
    private static final int NO_RANK = rank(NONE);
    private static final int SHORT_WORD = 48;

    private final int shortWord;
    private int size;
    private int[] symbols = new int[SHORT_WORD];
    /** Where each symbol starts, and after the last one where it ends. */
    private int[] starts = new int[SHORT_WORD + 1];
    /** What joining a symbol with the next one gives. */
    private long[] joined = new long[SHORT_WORD];

    PairMerger() {
        this(SHORT_WORD);
    }

    /** @param shortWord the most symbols that are merged by scanning */
    PairMerger(int shortWord) {
        this.shortWord = shortWord;
    }

    /** Starts a new word. */
    void clear() {
        size = 0;
    }

    /** Adds a symbol at the end of the word; -1 for one that joins with nothing by its number. */
    void add(int symbol, int start, int end) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, size * 2);
            starts = Arrays.copyOf(starts, size * 2 + 1);
            joined = Arrays.copyOf(joined, size * 2);
        }
        symbols[size] = symbol;
        starts[size] = start;
        starts[++size] = end;
    }

    /** Symbols in the word: those added, after {@link #merge} those left. */
    int size() {
        return size;
    }

    int symbol(int index) {
        return symbols[index];
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return starts[index + 1];
    }

    void merge(Joins joins) {
        if (size <= shortWord) {
            mergeByScanning(joins);
        } else {
            mergeByHeap(joins);
        }
    }

    private void mergeByScanning(Joins joins) {
        for (int i = 0; i < size; i++) {
            refresh(joins, i);
        }
        for (int best = best(); best >= 0; best = best()) {
            symbols[best] = (int) joined[best];
            int rest = --size - best - 1;
            System.arraycopy(symbols, best + 2, symbols, best + 1, rest);
            System.arraycopy(starts, best + 2, starts, best + 1, rest + 1);
            System.arraycopy(joined, best + 2, joined, best + 1, rest);
            refresh(joins, best);
            if (best > 0) {
                refresh(joins, best - 1);
            }
        }
    }

    private void refresh(Joins joins, int i) {
        joined[i] = i + 1 == size ? NONE : joins.join(symbols[i], symbols[i + 1], starts[i], starts[i + 2]);
    }

    private int best() {
        int best = -1;
        int least = NO_RANK;
        for (int i = 0; i < size; i++) {
            int rank = rank(joined[i]);
            if (rank < least) {
                least = rank;
                best = i;
            }
        }
        return best;
    }

    private void mergeByHeap(Joins joins) {
        Chain chain = new Chain(joins);
        while (!chain.heap.isEmpty()) {
            long key = chain.heap.poll();
            int left = (int) key;
            // A pair that has changed since it was put in has another rank, or none.
            if (rank(joined[left]) == rank(key)) {
                chain.join(left);
            }
        }
        chain.compact();
    }

    /** The upper half of a join or of a heap key. */
    private static int rank(long join) {
        return (int) (join >> 32);
    }

    /** The symbols of a long word as a linked list, and the heap of the pairs that join. */
    private final class Chain {
        private final Joins joins;
        private final int[] next = new int[size];
        private final int[] previous = new int[size + 1];
        private final LongHeap heap = new LongHeap();

        Chain(Joins joins) {
            this.joins = joins;
            Arrays.setAll(next, i -> i + 1);
            Arrays.setAll(previous, i -> i - 1);
            for (int i = 0; i < size; i++) {
                refresh(i);
            }
        }

        void refresh(int left) {
            int right = next[left];
            joined[left] = right == size ? NONE : joins.join(symbols[left], symbols[right], starts[left], starts[next[right]]);
            if (joined[left] != NONE) {
                heap.add((long) rank(joined[left]) << 32 | left);
            }
        }

        void join(int left) {
            int right = next[left];
            symbols[left] = (int) joined[left];
            joined[right] = NONE;
            next[left] = next[right];
            previous[next[left]] = left;
            refresh(left);
            if (previous[left] >= 0) {
                refresh(previous[left]);
            }
        }

        void compact() {
            int end = starts[size];
            int kept = 0;
            for (int i = 0; i < next.length; i = next[i]) {
                symbols[kept] = symbols[i];
                starts[kept++] = starts[i];
            }
            starts[kept] = end;
            size = kept;
        }
    }
}
