package dev.ondine.roofline.formula;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * When requests of known lengths finish, in steps that give each running request one token.
 *
 * @see <a href="https://www.usenix.org/conference/osdi22/presentation/yu">Yu et al., Orca</a>
 */
public final class BatchSchedule {

    private BatchSchedule() {
    }

    /**
     * Steps after which each request leaves if a batch is formed, runs until its longest is done, and leaves together.
     *
     * @param lengths tokens of each request, in the order of arrival; all wait at the start
     * @param slots   requests of a batch
     */
    public static long[] wholeBatches(int[] lengths, int slots) {
        requireSlots(slots);
        long[] done = new long[lengths.length];
        long clock = 0;
        for (int first = 0; first < lengths.length; first += slots) {
            int end = Math.min(lengths.length, first + slots);
            clock += Arrays.stream(lengths, first, end).max().orElse(0);
            Arrays.fill(done, first, end, clock);
        }
        return done;
    }

    /** Steps after which each request leaves if it leaves when it is done, and the next one takes its slot: continuous batching. */
    public static long[] eachStep(int[] lengths, int slots) {
        requireSlots(slots);
        PriorityQueue<Long> free = new PriorityQueue<>();
        long[] done = new long[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            done[i] = (free.size() < slots ? 0 : free.remove()) + lengths[i];
            free.add(done[i]);
        }
        return done;
    }

    /** Steps until all are done. */
    public static long makespan(long[] done) {
        return Arrays.stream(done).max().orElse(0);
    }

    /** Steps that a request takes on average, its waiting included. */
    public static double meanSteps(long[] done) {
        return Arrays.stream(done).average().orElse(0);
    }

    private static void requireSlots(int slots) {
        Require.within("number of slots", slots, 1, Integer.MAX_VALUE);
    }
}
