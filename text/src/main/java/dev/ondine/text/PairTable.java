package dev.ondine.text;

import java.util.Arrays;

/** A map from pairs of non-negative ints to non-negative longs, without boxes. */
final class PairTable {

    /** What {@link #get} answers for a pair that is not there. */
    static final long ABSENT = Long.MAX_VALUE;

    private static final long FREE = -1;
    private static final long HASH_SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] keys;
    private final long[] values;
    private final int shift;

    /** @param most how many pairs will be put at most */
    PairTable(int most) {
        int slots = Integer.highestOneBit(Math.max(8, most)) * 4;
        keys = new long[slots];
        values = new long[slots];
        shift = Long.numberOfLeadingZeros(slots) + 1;
        Arrays.fill(keys, FREE);
    }

    /** Puts a value unless the pair has one. */
    void putIfAbsent(int left, int right, long value) {
        int slot = slot(left, right);
        if (keys[slot] == FREE) {
            keys[slot] = key(left, right);
            values[slot] = value;
        }
    }

    long get(int left, int right) {
        int slot = slot(left, right);
        return keys[slot] == FREE ? ABSENT : values[slot];
    }

    private int slot(int left, int right) {
        long key = key(left, right);
        int slot = (int) (key * HASH_SPREAD >>> shift);
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
