package dev.ondine.text;

import java.util.Arrays;

/** The bytes of every token of a vocabulary, and the way back from bytes to the token. */
final class PieceTable {

    private static final int HASH_SPREAD = 0x9E3779B1;

    private final byte[] bytes;
    private final int[] offsets;
    /** Open addressing: token + 1, or 0 for a free slot. */
    private final int[] slots;
    private final int longest;

    /** @param pieces the bytes of each token; tokens are added to the way back by {@link #index} */
    PieceTable(byte[][] pieces) {
        offsets = new int[pieces.length + 1];
        int most = 0;
        for (int token = 0; token < pieces.length; token++) {
            offsets[token + 1] = Math.addExact(offsets[token], pieces[token].length);
            most = Math.max(most, pieces[token].length);
        }
        bytes = new byte[offsets[pieces.length]];
        for (int token = 0; token < pieces.length; token++) {
            System.arraycopy(pieces[token], 0, bytes, offsets[token], pieces[token].length);
        }
        longest = most;
        slots = new int[Integer.highestOneBit(Math.max(8, pieces.length)) * 4];
    }

    /** Lets {@link #find} answer with this token, unless one with the same bytes was there before. */
    void index(int token) {
        int slot = slot(bytes, offsets[token], offsets[token + 1]);
        if (slots[slot] == 0) {
            slots[slot] = token + 1;
        }
    }

    /** The token with these bytes, or -1. */
    int find(byte[] text, int from, int to) {
        return to - from > longest ? -1 : slots[slot(text, from, to)] - 1;
    }

    /** The slot of these bytes, or the free one where they belong. */
    private int slot(byte[] text, int from, int to) {
        int hash = 1;
        for (int at = from; at < to; at++) {
            hash = 31 * hash + text[at];
        }
        int slot = hash * HASH_SPREAD >>> Integer.numberOfLeadingZeros(slots.length) + 1;
        while (slots[slot] != 0 && !has(slots[slot] - 1, text, from, to)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private boolean has(int token, byte[] text, int from, int to) {
        return Arrays.equals(bytes, offsets[token], offsets[token + 1], text, from, to);
    }

    int length(int token) {
        return offsets[token + 1] - offsets[token];
    }

    boolean startsWith(int token, char ascii) {
        return length(token) > 0 && bytes[offsets[token]] == ascii;
    }

    /** Copies the bytes of a token, but for the first few. */
    void copy(int token, int skipped, byte[] target, int at) {
        System.arraycopy(bytes, offsets[token] + skipped, target, at, length(token) - skipped);
    }
}
