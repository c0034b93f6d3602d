package dev.ondine.text;

import static dev.ondine.text.CharKind.LETTER;
import static dev.ondine.text.CharKind.NUMBER;
import static dev.ondine.text.CharKind.PUNCTUATION;
import static dev.ondine.text.CharKind.SPACE;

/**
 * The words of DeepSeek Coder: five cuts one after the other, of {@code [\r\n]}, {@code \s?\p{L}+}, {@code \s?\p{P}+},
 * {@code [一-龥ࠀ-一가-퟿]+} and {@code \p{N}}; what no cut takes stays together.
 */
record DeepSeekCoderWords() implements WordScanner {

    @Override
    public int end(byte[] text, int from, int to) {
        int kind = CharKind.at(text, from);
        int second = from + Utf8.length(text[from]);
        if (kind == NUMBER || CharKind.isNewline(text[from])) {
            return second;
        }
        boolean asian = isAsian(text, from);
        int run = kind == SPACE ? runAfterSpace(text, second, to) : kind & (LETTER | PUNCTUATION);
        return run == 0 ? gapEnd(text, second, to, asian) : runEnd(text, second, to, run, asian);
    }

    /** LETTER or PUNCTUATION where a run of it takes the space before it, or else 0. */
    private static int runAfterSpace(byte[] text, int at, int to) {
        return at < to ? CharKind.at(text, at) & (LETTER | PUNCTUATION) : 0;
    }

    private static int runEnd(byte[] text, int from, int to, int kind, boolean asian) {
        int at = from;
        while (at < to && CharKind.at(text, at) == kind && isAsian(text, at) == asian) {
            at += Utf8.length(text[at]);
        }
        return at;
    }

    private static int gapEnd(byte[] text, int from, int to, boolean asian) {
        int at = from;
        while (at < to && isInGap(text, at, to) && isAsian(text, at) == asian) {
            at += Utf8.length(text[at]);
        }
        return at;
    }

    private static boolean isInGap(byte[] text, int at, int to) {
        int kind = CharKind.at(text, at);
        boolean leads = kind == SPACE && runAfterSpace(text, at + Utf8.length(text[at]), to) != 0;
        return (kind & (LETTER | PUNCTUATION | NUMBER)) == 0 && !CharKind.isNewline(text[at]) && !leads;
    }

    private static boolean isAsian(byte[] text, int at) {
        int codePoint = Utf8.codePoint(text, at);
        return codePoint >= 0x0800 && codePoint <= 0x9FA5 || codePoint >= 0xAC00 && codePoint <= 0xD7FF;
    }
}
