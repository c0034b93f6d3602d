package dev.ondine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Tokens to text as they come: each gives the text that it completes, never half a character. Control tokens show as nothing.
 *
 * <p>The pieces of text together are the same as the whole decoded at once. Bytes that are not UTF-8 become U+FFFD. Not for use
 * by several threads.
 */
public final class TextStream {

    private final Tokenizer tokenizer;
    private final Set<String> shownMarks;
    /** Whether the next space is one that encoding puts before text. */
    private boolean atPrefix;
    private byte[] held = new byte[32];
    private int size;

    private TextStream(Tokenizer tokenizer, boolean atPrefix, Set<String> shownMarks) {
        this.tokenizer = tokenizer;
        this.shownMarks = Set.copyOf(shownMarks);
        this.atPrefix = atPrefix;
    }

    /** A stream for tokens that start a text: a space that encoding puts there is left out. */
    static TextStream fromStart(Tokenizer tokenizer) {
        return new TextStream(tokenizer, tokenizer.addsSpacePrefix(), Set.of());
    }

    /** A stream for tokens that go on with a text. */
    public static TextStream continuing(Tokenizer tokenizer) {
        return continuing(tokenizer, Set.of());
    }

    /**
     * The same, which shows some control tokens by their names.
     *
     * @param shownMarks names of control tokens, such as {@code [TOOL_CALLS]}; those that the vocabulary lacks do not matter
     */
    public static TextStream continuing(Tokenizer tokenizer, Set<String> shownMarks) {
        return new TextStream(tokenizer, false, shownMarks);
    }

    /** The text that this token completes; often empty, as where it is a part of a character. */
    public String accept(int token) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        boolean special = vocabulary.isSpecial(token);
        if (!vocabulary.isMark(token) || shownMarks.contains(vocabulary.text(token))) {
            append(vocabulary.pieces(), token, atPrefix && !special);
        }
        atPrefix = special && tokenizer.addsSpacePrefix();
        return take(completed());
    }

    private void append(PieceTable pieces, int token, boolean afterPrefix) {
        int length = pieces.length(token);
        if (size + length > held.length) {
            held = Arrays.copyOf(held, (size + length) * 2);
        }
        int dropped = afterPrefix && pieces.startsWith(token, ' ') ? 1 : 0;
        pieces.copy(token, dropped, held, size);
        size += length - dropped;
    }

    /** The text that is left; a character that was never finished becomes U+FFFD. */
    public String finish() {
        return take(size);
    }

    private String take(int length) {
        String text = new String(held, 0, length, StandardCharsets.UTF_8);
        System.arraycopy(held, length, held, 0, size - length);
        size -= length;
        return text;
    }

    /** How many of the held bytes come before a character that more bytes may finish. */
    private int completed() {
        for (int back = 1; back <= Math.min(3, size); back++) {
            byte last = held[size - back];
            if (last >= 0) {
                return size;
            }
            if ((last & 0xC0) == 0xC0) {
                return Utf8.length(last) > back ? size - back : size;
            }
        }
        return size;
    }
}
