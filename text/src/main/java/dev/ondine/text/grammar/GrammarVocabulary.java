package dev.ondine.text.grammar;

import dev.ondine.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A vocabulary ordered for grammars: a trie over the bytes of its tokens.
 *
 * <p>Built once for a model (some tenths of a second for 128,000 tokens) and shared by all its completions and threads.
 */
public final class GrammarVocabulary {

    private final Vocabulary vocabulary;
    private final int longest;
    /** The trie's nodes, parents before children: the symbol that leads there, how deep it is, and the first node that is not below. */
    private final char[] symbols;
    private final char[] depths;
    private final int[] ends;
    /** The tokens that end at a node: {@code tokens[from[node]]} up to {@code from[node + 1]}. */
    private final int[] from;
    private final int[] tokens;
    private final TokenMask endTokens;

    private GrammarVocabulary(Vocabulary vocabulary, Entry[] entries) {
        this.vocabulary = vocabulary;
        this.longest = Arrays.stream(entries).mapToInt(entry -> entry.spelling.length()).max().orElse(0);
        int nodes = countNodes(entries);
        this.symbols = new char[nodes];
        this.depths = new char[nodes];
        this.ends = new int[nodes];
        this.from = new int[nodes + 1];
        this.tokens = new int[entries.length];
        fill(entries);
        this.endTokens = new TokenMask(this, withEnds(emptyBits()));
    }

    /** A token and its symbols as characters. */
    private record Entry(String spelling, int token) { }

    public static GrammarVocabulary of(Vocabulary vocabulary) {
        Entry[] entries = new Entry[vocabulary.size()];
        int count = 0;
        for (int token = 0; token < vocabulary.size(); token++) {
            String spelling = spelling(vocabulary, token);
            if (!spelling.isEmpty() && spelling.length() < Character.MAX_VALUE && !vocabulary.endsGeneration(token)) {
                entries[count++] = new Entry(spelling, token);
            }
        }
        entries = Arrays.copyOf(entries, count);
        Arrays.sort(entries, (a, b) -> a.spelling.compareTo(b.spelling));
        return new GrammarVocabulary(vocabulary, entries);
    }

    private static String spelling(Vocabulary vocabulary, int token) {
        String bytes = new String(vocabulary.bytes(token), StandardCharsets.ISO_8859_1);
        return vocabulary.isMark(token) ? (char) Network.MARK + bytes : bytes;
    }

    private static int countNodes(Entry[] entries) {
        int nodes = 0;
        String before = "";
        for (Entry entry : entries) {
            nodes = Math.addExact(nodes, entry.spelling.length() - common(before, entry.spelling));
            before = entry.spelling;
        }
        return nodes;
    }

    private static int common(String a, String b) {
        int length = 0;
        while (length < a.length() && length < b.length() && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }

    /** Entries come in order, so the nodes of one lie behind those of the entry before. */
    private void fill(Entry[] entries) {
        int[] path = new int[longest];
        int nodes = 0;
        String before = "";
        for (int index = 0; index < entries.length; index++) {
            String spelling = entries[index].spelling;
            int kept = common(before, spelling);
            for (int depth = kept; depth < before.length(); depth++) {
                ends[path[depth]] = nodes;
            }
            for (int depth = kept; depth < spelling.length(); depth++) {
                symbols[nodes] = spelling.charAt(depth);
                depths[nodes] = (char) depth;
                from[nodes] = index;
                path[depth] = nodes++;
            }
            tokens[index] = entries[index].token;
            before = spelling;
        }
        for (int depth = 0; depth < before.length(); depth++) {
            ends[path[depth]] = nodes;
        }
        from[nodes] = entries.length;
    }

    /** How many tokens there are. */
    public int size() {
        return vocabulary.size();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    private long[] emptyBits() {
        return new long[(vocabulary.size() + 63) / 64];
    }

    private long[] withEnds(long[] bits) {
        for (int token = 0; token < vocabulary.size(); token++) {
            if (vocabulary.endsGeneration(token)) {
                bits[token >> 6] |= 1L << token;
            }
        }
        return bits;
    }

    /** The tokens that may follow, with those that end generation where the text may end or no token fits. */
    TokenMask mask(ParseState state) {
        long[] bits = emptyBits();
        boolean any = false;
        ParseState[] path = new ParseState[longest + 1];
        path[0] = state;
        for (int node = 0; node < symbols.length; ) {
            int depth = depths[node];
            ParseState reached = path[depth].after(symbols[node]);
            if (reached.isDead()) {
                node = ends[node];
                continue;
            }
            path[depth + 1] = reached;
            int last = from[node + 1];
            for (int index = from[node]; index < last; index++) {
                bits[tokens[index] >> 6] |= 1L << tokens[index];
                any = true;
            }
            node++;
        }
        return new TokenMask(this, state.isComplete() || !any ? withEnds(bits) : bits);
    }

    /** Only the tokens that end generation. */
    TokenMask endTokens() {
        return endTokens;
    }

    /** Whether the token stands for no text, so that it would never lead on. */
    boolean isEmpty(int token) {
        return vocabulary.bytes(token).length == 0;
    }

    /** The state after a token, which is dead where the token may not follow. */
    ParseState after(ParseState state, int token) {
        ParseState reached = vocabulary.isMark(token) ? state.after(Network.MARK) : state;
        for (byte value : vocabulary.bytes(token)) {
            reached = reached.after(value & 0xFF);
        }
        return reached;
    }
}
