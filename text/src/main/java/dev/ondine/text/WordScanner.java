package dev.ondine.text;

/**
 * Cuts text into the words that byte-pair merges stay within.
 *
 * <p>Each scanner is the hand-written equal of a published regular expression: one pass, no backtracking, so time is linear
 * and the stack flat whatever the text.
 */
@FunctionalInterface
interface WordScanner {

    /**
     * Where the word ends that starts at {@code from}.
     *
     * @param text well-formed UTF-8; {@code from} is the start of the text or the end of a word
     * @return more than {@code from}, at most {@code to}
     */
    int end(byte[] text, int from, int to);
}
