package dev.ondine.text;

import static dev.ondine.text.CharKind.LETTER;
import static dev.ondine.text.CharKind.NUMBER;
import static dev.ondine.text.CharKind.SPACE;

/**
 * The words of GPT-2: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}.
 *
 * @param singleDigits whether every number character is cut out first, as StarCoder does
 */
record Gpt2Words(boolean singleDigits) implements WordScanner {

    @Override
    public int end(byte[] text, int from, int to) {
        int kind = CharKind.at(text, from);
        if (singleDigits && kind == NUMBER) {
            return from + Utf8.length(text[from]);
        }
        int contraction = contractionEnd(text, from, to);
        if (contraction > from) {
            return contraction;
        }
        int body = text[from] == ' ' && from + 1 < to ? from + 1 : from;
        int bodyKind = CharKind.at(text, body);
        if (bodyKind == SPACE || singleDigits && bodyKind == NUMBER) {
            return spaceEnd(text, from, to);
        }
        return switch (bodyKind) {
            case LETTER, NUMBER -> CharKind.runEnd(text, body, to, bodyKind);
            default -> CharKind.runEndWithout(text, body, to, LETTER | NUMBER | SPACE);
        };
    }

    private static int contractionEnd(byte[] text, int from, int to) {
        if (text[from] != '\'' || from + 1 == to) {
            return from;
        }
        byte first = text[from + 1];
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return from + 2;
        }
        byte second = from + 2 < to ? text[from + 2] : 0;
        boolean two = (first == 'r' || first == 'v') && second == 'e' || first == 'l' && second == 'l';
        return two ? from + 3 : from;
    }

    private int spaceEnd(byte[] text, int from, int to) {
        int end = CharKind.runEnd(text, from, to, SPACE);
        boolean cutThere = end == to || singleDigits && CharKind.at(text, end) == NUMBER;
        // The last character stays out, as it may belong to the next word; a single one does not.
        int last = Utf8.lastStart(text, end);
        return cutThere || last == from ? end : last;
    }
}
