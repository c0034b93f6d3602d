package dev.ondine.text.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The states and edges of a {@link Network} in the making.
 *
 * <p>Methods that write something take the state where it begins and return the state where it ends.
 */
final class NetworkBuilder {

    /** Far above what schemas in use need; bounds memory to some megabytes. */
    static final int MOST_STATES = 100_000;

    private final int mostStates;
    private int[][] edges = new int[256][];
    private int[] used = new int[256];
    private boolean[] ends = new boolean[256];
    private int states;
    /** Where texts that begin alike share their states: (state, byte) to state. */
    private final Map<Long, Integer> shared = new HashMap<>();

    NetworkBuilder() {
        this(MOST_STATES);
    }

    NetworkBuilder(int mostStates) {
        this.mostStates = mostStates;
    }

    /** A part that others call, with one state where it starts and one where it ends. */
    record Rule(int start, int end) { }

    Rule rule() {
        Rule rule = new Rule(state(), state());
        ends[rule.end] = true;
        return rule;
    }

    /** @throws IllegalArgumentException if the network becomes too large */
    int state() {
        if (states == mostStates) {
            throw new IllegalArgumentException("the schema needs more than " + mostStates + " states in its automaton or that of a"
                    + " pattern; make it smaller, or lower its minLength, maxLength, minItems, maxItems or repetitions in patterns");
        }
        if (states == edges.length) {
            edges = Arrays.copyOf(edges, states * 2);
            used = Arrays.copyOf(used, states * 2);
            ends = Arrays.copyOf(ends, states * 2);
        }
        return states++;
    }

    private void edge(int from, int kind, int operand, int to) {
        int at = used[from];
        if (edges[from] == null) {
            edges[from] = new int[3];
        } else if (at == edges[from].length) {
            edges[from] = Arrays.copyOf(edges[from], at * 2);
        }
        edges[from][at] = kind;
        edges[from][at + 1] = operand;
        edges[from][at + 2] = to;
        used[from] = at + 3;
    }

    /** Reads one symbol between two, both included. */
    void range(int from, int low, int high, int to) {
        edge(from, low, high, to);
    }

    /** Goes on without reading. */
    void skip(int from, int to) {
        edge(from, Network.SKIP, 0, to);
    }

    /** Goes through a rule. */
    void call(int from, Rule rule, int to) {
        edge(from, Network.CALL, rule.start, to);
    }

    int call(int from, Rule rule) {
        int to = state();
        call(from, rule, to);
        return to;
    }

    /** Reads one ASCII character out of several. */
    int oneOf(int from, String characters) {
        int to = state();
        characters.chars().forEach(character -> range(from, character, character, to));
        return to;
    }

    int text(int from, String text) {
        int at = from;
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            int to = state();
            range(at, value & 0xFF, value & 0xFF, to);
            at = to;
        }
        return at;
    }

    /** As {@link #text}, but texts from one state that begin alike stay together as long as they do. */
    int sharedText(int from, String text) {
        int at = from;
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            long edge = (long) at << 8 | value & 0xFF;
            Integer known = shared.get(edge);
            if (known == null) {
                known = state();
                range(at, value & 0xFF, value & 0xFF, known);
                shared.put(edge, known);
            }
            at = known;
        }
        return at;
    }

    /** Takes the edges of a state: first symbol or kind, last symbol or operand, and where it leads. */
    interface EdgeReader {

        void accept(int kind, int operand, int to);
    }

    void forEachEdge(int state, EdgeReader reader) {
        for (int at = 0; at < used[state]; at += 3) {
            reader.accept(edges[state][at], edges[state][at + 1], edges[state][at + 2]);
        }
    }

    int size() {
        return states;
    }

    Network build(Rule root) {
        int[][] trimmed = new int[states][];
        for (int state = 0; state < states; state++) {
            trimmed[state] = used[state] == 0 ? Network.NO_EDGES : Arrays.copyOf(edges[state], used[state]);
        }
        return new Network(trimmed, Arrays.copyOf(ends, states), root.start);
    }
}
