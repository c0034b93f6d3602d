package dev.ondine.text.grammar;

import java.util.Arrays;

/**
 * A recursive transition network: automata over symbols that call one another, as subroutines do.
 *
 * <p>A symbol is a byte, 0 to 255, or {@link #MARK}, which stands before the bytes of a control token.
 *
 * @see <a href="https://doi.org/10.1145/355598.362773">Woods 1970, Transition network grammars</a>
 */
final class Network {

    /** The symbol before the bytes of a control token; text never holds it. */
    static final int MARK = 256;
    static final int SYMBOLS = 257;

    /** Kinds of edges that read nothing; other edges have the first symbol here. */
    static final int SKIP = -1;
    static final int CALL = -2;

    static final int[] NO_EDGES = {};

    /** How deep calls may nest, which bounds how deep values nest; usual JSON parsers allow more. */
    static final int MOST_DEPTH = 128;

    private static final int NEVER = Integer.MAX_VALUE / 2;

    /** Edges of each state in threes: (first symbol, last symbol, to), (SKIP, 0, to) or (CALL, start of the rule, to). */
    private final int[][] edges;
    private final boolean[] ends;
    private final int start;
    /** How many calls must at least nest to come from a state to the end of its rule. */
    private final int[] heights;

    Network(int[][] edges, boolean[] ends, int start) {
        this.edges = edges;
        this.ends = ends;
        this.start = start;
        this.heights = new int[edges.length];
        Arrays.fill(heights, NEVER);
        measure();
    }

    /** Until nothing changes; most edges lead to later states, so few rounds are needed. */
    private void measure() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = edges.length - 1; state >= 0; state--) {
                int height = ends[state] ? 0 : lowest(edges[state]);
                changed |= height < heights[state];
                heights[state] = height;
            }
        }
    }

    private int lowest(int[] edgesOfState) {
        int lowest = NEVER;
        for (int at = 0; at < edgesOfState.length; at += 3) {
            int height = heights[edgesOfState[at + 2]];
            if (edgesOfState[at] == CALL) {
                height = Math.max(height, heights[edgesOfState[at + 1]] + 1);
            }
            lowest = Math.min(lowest, height);
        }
        return lowest;
    }

    int start() {
        return start;
    }

    int[] edges(int state) {
        return edges[state];
    }

    boolean isEnd(int state) {
        return ends[state];
    }

    /** Whether the end can be reached from a state with so many calls open. Nothing else is entered, so no text gets stuck. */
    boolean leadsOut(int state, int depth) {
        return depth + heights[state] <= MOST_DEPTH;
    }
}
