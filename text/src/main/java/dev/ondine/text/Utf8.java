package dev.ondine.text;

import java.nio.charset.StandardCharsets;

/** UTF-8 as the tokenizers need it: well-formed bytes from any string, and code points from well-formed bytes. */
final class Utf8 {

    private static final int REPLACEMENT = 0xFFFD;

    private Utf8() {
    }

    /** The bytes of a text. A lone surrogate, which UTF-8 cannot express, becomes U+FFFD. */
    static byte[] encode(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    private static String wellFormed(String text) {
        for (int at = 0, codePoint; at < text.length(); at += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(at);
            if (isSurrogate(codePoint)) {
                int[] mended = text.codePoints().map(each -> isSurrogate(each) ? REPLACEMENT : each).toArray();
                return new String(mended, 0, mended.length);
            }
        }
        return text;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Bytes of the character that starts with this byte. */
    static int length(byte lead) {
        int value = lead & 0xFF;
        return value < 0x80 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }

    /** Where the last character before {@code end} starts. */
    static int lastStart(byte[] text, int end) {
        int at = end - 1;
        while ((text[at] & 0xC0) == 0x80) {
            at--;
        }
        return at;
    }

    /** The code point whose first byte is here; the text is well-formed. */
    static int codePoint(byte[] text, int at) {
        int lead = text[at];
        return switch (length(text[at])) {
            case 1 -> lead;
            case 2 -> (lead & 0x1F) << 6 | tail(text, at + 1);
            case 3 -> (lead & 0x0F) << 12 | tail(text, at + 1) << 6 | tail(text, at + 2);
            default -> (lead & 0x07) << 18 | tail(text, at + 1) << 12 | tail(text, at + 2) << 6 | tail(text, at + 3);
        };
    }

    private static int tail(byte[] text, int at) {
        return text[at] & 0x3F;
    }
}
