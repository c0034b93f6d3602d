package dev.ondine.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Finds tokens that are written out in a text, the leftmost first and of those the longest, in one pass.
 *
 * <p>A trie over UTF-16 units; an edge is a pair (node, unit) and node 0 the root.
 */
final class SpecialTokens {

    private final Vocabulary vocabulary;
    private final PairTable edges;
    private final int[] tokens;
    private final BitSet starts = new BitSet();
    private int nodes = 1;

    /** @param included the tokens to find */
    SpecialTokens(Vocabulary vocabulary, BitSet included) {
        this.vocabulary = vocabulary;
        int units = included.stream().map(token -> vocabulary.text(token).length()).reduce(0, Math::addExact);
        this.edges = new PairTable(units);
        this.tokens = new int[units + 1];
        Arrays.fill(tokens, -1);
        included.stream().forEach(this::insert);
    }

    /** Tokens that are found wherever they stand: those that the file's author defined. */
    static SpecialTokens userDefined(Vocabulary vocabulary) {
        return of(vocabulary, false);
    }

    /** Marks as well. */
    static SpecialTokens all(Vocabulary vocabulary) {
        return of(vocabulary, true);
    }

    private static SpecialTokens of(Vocabulary vocabulary, boolean marks) {
        BitSet included = new BitSet();
        for (int token = 0; token < vocabulary.size(); token++) {
            boolean defined = vocabulary.type(token) == TokenType.USER_DEFINED;
            included.set(token, defined || marks && vocabulary.isMark(token));
        }
        return new SpecialTokens(vocabulary, included);
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

    /** Adds the tokens found to the list and hands what lies between them, never empty, to {@code plain}, all in order. */
    void split(String text, TokenList found, Consumer<String> plain) {
        int done = 0;
        for (int at = 0; at < text.length(); at++) {
            int token = starts.get(text.charAt(at)) ? longestAt(text, at) : -1;
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

    private int longestAt(String text, int from) {
        int longest = -1;
        long node = 0;
        for (int at = from; at < text.length(); at++) {
            node = edges.get((int) node, text.charAt(at));
            if (node == PairTable.ABSENT) {
                break;
            }
            longest = tokens[(int) node] < 0 ? longest : tokens[(int) node];
        }
        return longest;
    }
}
