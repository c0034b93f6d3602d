package dev.ondine.text.grammar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A deterministic automaton over code points. Its states count from 0, where it starts. */
final class CharAutomaton {

    private static final int LENGTH_EFFORT = 10;

    /** Edges of each state in order, without overlap. */
    private final List<List<Edge>> edges = new ArrayList<>();
    private final BitSet ends = new BitSet();

    /** Reads a code point between two, both included. */
    record Edge(int low, int high, int to) { }

    private CharAutomaton() {
    }

    /** The subset construction of what a pattern was written as. */
    static CharAutomaton of(NetworkBuilder builder, NetworkBuilder.Rule rule, Effort effort) {
        CharAutomaton automaton = new CharAutomaton();
        Map<BitSet, Integer> known = new HashMap<>();
        List<BitSet> open = new ArrayList<>();
        number(closure(builder, List.of(rule.start()), effort), known, open);
        for (int state = 0; state < open.size(); state++) {
            BitSet members = open.get(state);
            automaton.ends.set(state, members.get(rule.end()));
            automaton.edges.add(subsetEdges(builder, members, known, open, effort));
        }
        return automaton;
    }

    private static int number(BitSet members, Map<BitSet, Integer> known, List<BitSet> open) {
        return known.computeIfAbsent(members, set -> {
            open.add(set);
            return open.size() - 1;
        });
    }

    private static BitSet closure(NetworkBuilder builder, Iterable<Integer> from, Effort effort) {
        BitSet members = new BitSet();
        List<Integer> open = new ArrayList<>();
        from.forEach(open::add);
        effort.spend(builder.size() / Long.SIZE);
        while (!open.isEmpty()) {
            int state = open.removeLast();
            if (!members.get(state)) {
                members.set(state);
                effort.spend(1);
                builder.forEachEdge(state, (kind, _, to) -> {
                    if (kind == Network.SKIP) {
                        open.add(to);
                    }
                });
            }
        }
        return members;
    }

    private static List<Edge> subsetEdges(NetworkBuilder builder, BitSet members, Map<BitSet, Integer> known, List<BitSet> open,
            Effort effort) {
        List<Edge> read = new ArrayList<>();
        TreeSet<Integer> cuts = new TreeSet<>();
        members.stream().forEach(state -> builder.forEachEdge(state, (low, high, to) -> {
            if (low >= 0) {
                read.add(new Edge(low, high, to));
                cuts.add(low);
                cuts.add(high + 1);
            }
        }));
        List<Edge> edges = new ArrayList<>();
        for (int low : cuts) {
            effort.spend(read.size());
            List<Integer> targets = read.stream().filter(edge -> edge.low <= low && low <= edge.high).map(Edge::to).toList();
            if (!targets.isEmpty()) {
                addEdge(edges, low, cuts.higher(low) - 1, number(closure(builder, targets, effort), known, open));
            }
        }
        return edges;
    }

    /** Joins it with the edge before where both lead to the same state. */
    private static void addEdge(List<Edge> edges, int low, int high, int to) {
        Edge last = edges.isEmpty() ? null : edges.getLast();
        if (last != null && last.to == to && last.high + 1 == low) {
            edges.set(edges.size() - 1, new Edge(last.low, high, to));
        } else {
            edges.add(new Edge(low, high, to));
        }
    }

    /** What has so many code points. */
    static CharAutomaton ofLength(int min, int max, Effort effort) {
        CharAutomaton automaton = new CharAutomaton();
        int last = max == Integer.MAX_VALUE ? min : max;
        for (int length = 0; length <= last; length++) {
            effort.spend(LENGTH_EFFORT);
            automaton.ends.set(length, length >= min);
            int to = length < last ? length + 1 : max == Integer.MAX_VALUE ? length : -1;
            automaton.edges.add(to < 0 ? List.of() : List.of(new Edge(0, Character.MAX_CODE_POINT, to)));
        }
        return automaton;
    }

    /** What both accept. */
    CharAutomaton and(CharAutomaton other, Effort effort) {
        CharAutomaton both = new CharAutomaton();
        Map<Long, Integer> known = new HashMap<>();
        List<Long> open = new ArrayList<>();
        open.add(0L);
        known.put(0L, 0);
        for (int state = 0; state < open.size(); state++) {
            int mine = (int) (open.get(state) >> 32);
            int its = (int) (long) open.get(state);
            both.ends.set(state, ends.get(mine) && other.ends.get(its));
            List<Edge> joined = new ArrayList<>();
            for (Edge edge : edges.get(mine)) {
                for (Edge match : other.edges.get(its)) {
                    effort.spend(1);
                    int low = Math.max(edge.low, match.low);
                    int high = Math.min(edge.high, match.high);
                    if (low <= high) {
                        addEdge(joined, low, high, known.computeIfAbsent((long) edge.to << 32 | match.to, pair -> {
                            open.add(pair);
                            return open.size() - 1;
                        }));
                    }
                }
            }
            both.edges.add(joined);
        }
        return both;
    }

    /** What this one does not accept. */
    CharAutomaton complement() {
        CharAutomaton others = new CharAutomaton();
        int sink = size();
        edges.forEach(ofState -> {
            List<Edge> all = new ArrayList<>();
            int next = 0;
            for (Edge edge : ofState) {
                addGap(all, next, edge.low - 1, sink);
                all.add(edge);
                next = edge.high + 1;
            }
            addGap(all, next, Character.MAX_CODE_POINT, sink);
            others.edges.add(all);
        });
        others.edges.add(List.of(new Edge(0, Character.MAX_CODE_POINT, sink)));
        others.ends.or(ends);
        others.ends.flip(0, sink + 1);
        return others;
    }

    private static void addGap(List<Edge> edges, int low, int high, int to) {
        if (low <= high) {
            edges.add(new Edge(low, high, to));
        }
    }

    int size() {
        return edges.size();
    }

    List<Edge> edges(int state) {
        return edges.get(state);
    }

    boolean isEnd(int state) {
        return ends.get(state);
    }

    boolean accepts(String text) {
        int state = 0;
        for (int codePoint : text.codePoints().toArray()) {
            state = after(state, codePoint);
            if (state < 0) {
                return false;
            }
        }
        return ends.get(state);
    }

    private int after(int state, int codePoint) {
        for (Edge edge : edges.get(state)) {
            if (edge.low <= codePoint && codePoint <= edge.high) {
                return edge.to;
            }
        }
        return -1;
    }
}
