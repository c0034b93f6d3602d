package dev.ondine.text.grammar;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The states of a grammar met so far, each once. Counts the memory that they take. */
final class StateTable {

    /** Beyond this a new table is begun. */
    private static final long MOST_BYTES = 16 << 20;
    /** The table of next states and what else a state takes. */
    private static final long BYTES_PER_STATE = 1_400;
    private static final long BYTES_PER_STACK = 40;

    private final Network network;
    private final Map<Key, ParseState> states = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    private record Key(List<Stack> stacks, boolean complete) { }

    StateTable(Network network) {
        this.network = network;
    }

    ParseState start() {
        Frontier frontier = new Frontier(network);
        frontier.add(network.start(), null);
        return state(frontier.readers(), frontier.isComplete());
    }

    ParseState after(ParseState state, int symbol) {
        Frontier frontier = new Frontier(network);
        for (Stack stack : state.stacks()) {
            int[] edges = network.edges(stack.state());
            for (int at = 0; at < edges.length; at += 3) {
                if (edges[at] <= symbol && symbol <= edges[at + 1] && edges[at] >= 0) {
                    frontier.add(edges[at + 2], stack.below());
                }
            }
        }
        return state(frontier.readers(), frontier.isComplete());
    }

    /** The state of this table with these stacks. */
    ParseState state(List<Stack> stacks, boolean complete) {
        return states.computeIfAbsent(new Key(stacks, complete), key -> {
            charge(BYTES_PER_STATE + BYTES_PER_STACK * stacks.size());
            return new ParseState(this, key.stacks, complete);
        });
    }

    void charge(long size) {
        bytes.addAndGet(size);
    }

    boolean isFull() {
        return bytes.get() > MOST_BYTES;
    }
}
