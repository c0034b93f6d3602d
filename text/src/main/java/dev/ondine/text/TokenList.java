package dev.ondine.text;

import java.util.Arrays;

/** A growing list of token ids. */
final class TokenList {

    private int[] tokens = new int[64];
    private int size;

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
