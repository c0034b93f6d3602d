package dev.ondine.text;

import java.util.BitSet;
import java.util.List;

/**
 * Keeps control tokens that somebody spells in a message from counting as such once a chat template has made a prompt of it.
 *
 * <p>{@link #cover} puts a sign before each of them, which goes through the template like any other character; {@link #encode} takes
 * the signs out and reads what follows them as plain text. Text that spells no control token passes unchanged, and the tokens are
 * those of the text without signs in any case.
 */
public final class Shield {

    /** The first and the last of the characters that Unicode keeps for a program's own use inside. */
    private static final char FIRST_SIGN = '\uFDD0';
    private static final char LAST_SIGN = '\uFDEF';

    private final Tokenizer tokenizer;
    private final char sign;

    private Shield(Tokenizer tokenizer, char sign) {
        this.tokenizer = tokenizer;
        this.sign = sign;
    }

    /**
     * A shield for these texts.
     *
     * @throws IllegalArgumentException if the texts together hold all of the 32 characters that could be the sign
     */
    public static Shield of(Tokenizer tokenizer, List<String> texts) {
        for (char sign = FIRST_SIGN; sign <= LAST_SIGN; sign++) {
            char candidate = sign;
            if (texts.stream().allMatch(text -> text.indexOf(candidate) < 0)) {
                return new Shield(tokenizer, sign);
            }
        }
        throw new IllegalArgumentException("the messages hold all noncharacters from U+FDD0 to U+FDEF, expected one that is free; "
                + "take them out");
    }

    /** One of the texts with a sign before each control token that it spells, or begins to spell at its end. */
    public String cover(String text) {
        BitSet starts = tokenizer.controlStarts(text);
        StringBuilder covered = new StringBuilder(text.length() + starts.cardinality());
        int done = 0;
        for (int at = starts.nextSetBit(0); at >= 0; at = starts.nextSetBit(at + 1)) {
            covered.append(text, done, at).append(sign);
            done = at;
        }
        return covered.append(text, done, text.length()).toString();
    }

    /** The tokens of a prompt that covered texts are part of, without its signs; control tokens count but after a sign. */
    public int[] encode(String prompt) {
        StringBuilder text = new StringBuilder(prompt.length());
        BitSet covered = new BitSet();
        for (int i = 0; i < prompt.length(); i++) {
            if (prompt.charAt(i) == sign) {
                covered.set(text.length());
            } else {
                text.append(prompt.charAt(i));
            }
        }
        return tokenizer.encode(text.toString(), at -> !covered.get(at));
    }
}
