package dev.ondine.text.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The stacks that are ready to read the next symbol, found by following the edges that read nothing.
 *
 * <p>Beyond some number further stacks are left out. That only narrows what may come: every stack alone leads to a valid end.
 */
final class Frontier {

    private static final int MOST_STACKS = 512;
    private static final int MOST_VISITS = 4_096;

    private final Network network;
    private final List<Stack> readers = new ArrayList<>();
    private final Set<Stack> seen = new HashSet<>();
    private final Deque<Stack> open = new ArrayDeque<>();
    private boolean complete;

    Frontier(Network network) {
        this.network = network;
    }

    void add(int state, Stack below) {
        Stack stack = new Stack(state, below);
        if (network.leadsOut(state, stack.depth()) && seen.add(stack)) {
            open.add(stack);
            follow();
        }
    }

    /** Depth first, so that something that reads is found before the limit. */
    private void follow() {
        while (!open.isEmpty()) {
            Stack stack = open.pollLast();
            boolean room = readers.isEmpty() || readers.size() < MOST_STACKS && seen.size() < MOST_VISITS;
            if (room) {
                visit(stack);
            }
        }
    }

    private void visit(Stack stack) {
        Stack below = stack.below();
        if (network.isEnd(stack.state())) {
            if (below == null) {
                complete = true;
            } else {
                push(below.state(), below.below());
            }
        }
        int[] edges = network.edges(stack.state());
        boolean reads = false;
        for (int at = edges.length - 3; at >= 0; at -= 3) {
            switch (edges[at]) {
                case Network.SKIP -> push(edges[at + 2], below);
                case Network.CALL -> call(edges[at + 1], edges[at + 2], below);
                default -> reads = true;
            }
        }
        if (reads) {
            readers.add(stack);
        }
    }

    private void call(int rule, int back, Stack below) {
        Stack frame = new Stack(back, below);
        if (network.leadsOut(back, frame.depth())) {
            push(rule, frame);
        }
    }

    private void push(int state, Stack below) {
        Stack stack = new Stack(state, below);
        if (network.leadsOut(state, stack.depth()) && seen.add(stack)) {
            open.add(stack);
        }
    }

    List<Stack> readers() {
        return readers;
    }

    /** Whether the text may end here. */
    boolean isComplete() {
        return complete;
    }
}
