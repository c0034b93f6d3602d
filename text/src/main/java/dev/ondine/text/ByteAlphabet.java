package dev.ondine.text;

import java.util.Arrays;

/**
 * The letters in which byte-level vocabularies write bytes: printable Latin-1 characters for themselves, the other 68 as U+0100
 * and up in order. Source: GPT-2's encoder.
 */
final class ByteAlphabet {

    private static final int LETTERS = 0x100 + 68;
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {
    }

    private static short[] bytes() {
        short[] bytes = new short[LETTERS];
        Arrays.fill(bytes, (short) -1);
        char extra = 0x100;
        for (short value = 0; value < 0x100; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xA1 && value != 0xAD;
            bytes[printable ? value : extra++] = value;
        }
        return bytes;
    }

    /** The bytes that a token of such a vocabulary writes; its UTF-8 bytes where it is not in these letters. */
    static byte[] decode(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = token.charAt(i);
            if (letter >= LETTERS || BYTES[letter] < 0) {
                return Utf8.encode(token);
            }
            bytes[i] = (byte) BYTES[letter];
        }
        return bytes;
    }
}
