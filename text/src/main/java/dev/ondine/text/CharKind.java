package dev.ondine.text;

/** The kinds of character that pre-tokenizers tell apart. One bit each, none of them for anything else. */
final class CharKind {

    /** {@code \p{L}}. */
    static final int LETTER = 1;
    /** {@code \p{N}}. */
    static final int NUMBER = 2;
    /** {@code \s}, the Unicode property White_Space. */
    static final int SPACE = 4;
    /** {@code \p{P}}. */
    static final int PUNCTUATION = 8;

    private static final byte[] ASCII = new byte[128];

    static {
        for (int codePoint = 0; codePoint < ASCII.length; codePoint++) {
            ASCII[codePoint] = (byte) of(codePoint);
        }
    }

    private CharKind() {
    }

    /** The kind of the character whose UTF-8 bytes start here. */
    static int at(byte[] text, int at) {
        byte first = text[at];
        return first >= 0 ? ASCII[first] : of(Utf8.codePoint(text, at));
    }

    /** The kind of a code point. */
    static int of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                 Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                 Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                 Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION -> PUNCTUATION;
            case Character.CONTROL -> codePoint >= '\t' && codePoint <= '\r' || codePoint == 0x85 ? SPACE : 0;
            default -> 0;
        };
    }

    static boolean isNewline(byte first) {
        return first == '\n' || first == '\r';
    }

    /** Where the run of characters ends that are of one of these kinds. */
    static int runEnd(byte[] text, int from, int to, int kinds) {
        int at = from;
        while (at < to && (at(text, at) & kinds) != 0) {
            at += Utf8.length(text[at]);
        }
        return at;
    }

    /** Where the run of characters ends that are of none of these kinds. */
    static int runEndWithout(byte[] text, int from, int to, int kinds) {
        int at = from;
        while (at < to && (at(text, at) & kinds) == 0) {
            at += Utf8.length(text[at]);
        }
        return at;
    }
}
