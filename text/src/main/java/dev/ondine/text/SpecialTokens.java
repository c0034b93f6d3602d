package dev.ondine.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds marks and user-defined tokens that are written out in a text, the leftmost first and of those the longest, in one pass.
 *
 * <p>A trie over UTF-16 units; an edge is a pair (node, unit) and node 0 the root.
 */
final class SpecialTokens {

    private final Vocabulary vocabulary;
    private final PairTable edges;
    private final int[] tokens;
    private final BitSet starts = new BitSet();
    private int nodes = 1;

    SpecialTokens(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        int[] special = IntStream.range(0, vocabulary.size()).filter(vocabulary::isSpecial).toArray();
        int units = IntStream.of(special).map(token -> vocabulary.text(token).length()).reduce(0, Math::addExact);
        this.edges = new PairTable(units);
        this.tokens = new int[units + 1];
        Arrays.fill(tokens, -1);
        IntStream.of(special).forEach(this::insert);
    }

    private void insert(int token) {
        String text = vocabulary.text(token);
        int node = 0;
        for (int i = 0; i < text.length(); i++) {
            edges.putIfAbsent(node, text.charAt(i), nodes);
            node = (int) edges.get(node, text.charAt(i));
            nodes = Math.max(nodes, node + 1);
        }
        if (node != 0) {
            starts.set(text.charAt(0));
            tokens[node] = tokens[node] < 0 ? token : tokens[node];
        }
    }

    /**
     * Adds the tokens found to the list and hands what lies between them, never empty, to {@code plain}, all in order.
     *
     * @param marksFrom whether marks that begin at this place are found too, or only user-defined tokens
     */
    void split(String text, IntPredicate marksFrom, TokenList found, Consumer<String> plain) {
        int done = 0;
        for (int at = 0; at < text.length(); at++) {
            int token = starts.get(text.charAt(at)) ? longestAt(text, at, marksFrom.test(at)) : -1;
            if (token >= 0) {
                if (done < at) {
                    plain.accept(text.substring(done, at));
                }
                found.add(token);
                done = at + vocabulary.text(token).length();
                at = done - 1;
            }
        }
        if (done < text.length()) {
            plain.accept(text.substring(done));
        }
    }

    private int longestAt(String text, int from, boolean marks) {
        int longest = -1;
        long node = 0;
        for (int at = from; at < text.length(); at++) {
            node = edges.get((int) node, text.charAt(at));
            if (node == PairTable.ABSENT) {
                break;
            }
            int token = tokens[(int) node];
            longest = token >= 0 && (marks || !vocabulary.isMark(token)) ? token : longest;
        }
        return longest;
    }

    /** Where marks begin in a text, and where its end is the beginning of a token that a following text could complete. */
    BitSet markStarts(String text) {
        BitSet found = new BitSet();
        for (int at = 0; at < text.length(); at++) {
            if (starts.get(text.charAt(at)) && mayBeMark(text, at)) {
                found.set(at);
            }
        }
        return found;
    }

    private boolean mayBeMark(String text, int from) {
        long node = 0;
        for (int at = from; at < text.length(); at++) {
            node = edges.get((int) node, text.charAt(at));
            if (node == PairTable.ABSENT) {
                return false;
            }
            int token = tokens[(int) node];
            if (token >= 0 && vocabulary.isMark(token)) {
                return true;
            }
        }
        return true;
    }
}
