package dev.ondine.text;

import static dev.ondine.text.CharKind.LETTER;
import static dev.ondine.text.CharKind.NUMBER;
import static dev.ondine.text.CharKind.SPACE;

/**
 * The words of Llama 3 and Qwen 2: <code>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</code>.
 *
 * @param longestNumber the most number characters in a word: 3 for Llama 3, 1 for Qwen 2
 */
record LlamaWords(int longestNumber) implements WordScanner {

    /** ſ, which is an s to a comparison that ignores case. */
    private static final int LONG_S = 0x17F;

    @Override
    public int end(byte[] text, int from, int to) {
        int contraction = contractionEnd(text, from, to);
        if (contraction > from) {
            return contraction;
        }
        int kind = CharKind.at(text, from);
        if (kind == NUMBER) {
            return numberEnd(text, from, to);
        }
        int letters = kind == LETTER || CharKind.isNewline(text[from]) ? from : from + Utf8.length(text[from]);
        if (letters < to && CharKind.at(text, letters) == LETTER) {
            return CharKind.runEnd(text, letters, to, LETTER);
        }
        int body = text[from] == ' ' && from + 1 < to ? from + 1 : from;
        if ((CharKind.at(text, body) & (SPACE | LETTER | NUMBER)) == 0) {
            int end = CharKind.runEndWithout(text, body, to, SPACE | LETTER | NUMBER);
            return newlinesEnd(text, end, to);
        }
        return spaceEnd(text, from, to);
    }

    private static int contractionEnd(byte[] text, int from, int to) {
        if (text[from] != '\'' || from + 1 == to) {
            return from;
        }
        int first = Character.toLowerCase(text[from + 1]);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return from + 2;
        }
        if (Utf8.codePoint(text, from + 1) == LONG_S) {
            return from + 3;
        }
        int second = from + 2 < to ? Character.toLowerCase(text[from + 2]) : 0;
        boolean two = (first == 'r' || first == 'v') && second == 'e' || first == 'l' && second == 'l';
        return two ? from + 3 : from;
    }

    private int numberEnd(byte[] text, int from, int to) {
        int at = from;
        for (int count = 0; count < longestNumber && at < to && CharKind.at(text, at) == NUMBER; count++) {
            at += Utf8.length(text[at]);
        }
        return at;
    }

    private static int newlinesEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && CharKind.isNewline(text[at])) {
            at++;
        }
        return at;
    }

    /** Up to the last line break of the run, or else all of it that the next word does not take. */
    private static int spaceEnd(byte[] text, int from, int to) {
        int end = CharKind.runEnd(text, from, to, SPACE);
        for (int at = end; at > from; at--) {
            if (CharKind.isNewline(text[at - 1])) {
                return at;
            }
        }
        int last = Utf8.lastStart(text, end);
        return end == to || last == from ? end : last;
    }
}
