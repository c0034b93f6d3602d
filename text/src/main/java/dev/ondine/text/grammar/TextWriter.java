package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes strings of JSON: those of some length or pattern, and keys that are none of some. */
final class TextWriter {

    /** Characters that stand in strings as they are. */
    private static final List<CharSet.Range> PLAIN = List.of(new CharSet.Range(' ', '!'), new CharSet.Range('#', '['),
            new CharSet.Range(']', Character.MAX_CODE_POINT));

    private final JsonRules json;
    private final NetworkBuilder builder;
    private final Effort effort;
    private final Map<CharSet.Range, Rule> escaped = new HashMap<>();
    private final Map<CharSet.Range, Rule> unescaped = new HashMap<>();

    TextWriter(JsonRules json, Effort effort) {
        this.json = json;
        this.builder = json.builder();
        this.effort = effort;
    }

    void append(int from, Shape.Texts texts, int to) {
        if (texts.equals(Shape.Texts.ANY)) {
            builder.call(from, json.string(), to);
        } else if (texts.patterns().isEmpty()) {
            characters(builder.text(from, "\""), texts.min(), texts.max(), to);
        } else {
            CharAutomaton all = CharAutomaton.ofLength(texts.min(), texts.max(), effort);
            for (TextPattern pattern : texts.patterns()) {
                all = all.and(pattern.automaton(effort), effort);
            }
            automaton(builder.text(from, "\""), all, to);
        }
    }

    private void characters(int from, int min, int max, int to) {
        int at = from;
        int count = 0;
        for (; count < min; count++) {
            at = builder.call(at, json.character());
        }
        if (max == Integer.MAX_VALUE) {
            builder.call(at, json.character(), at);
        }
        builder.range(at, '"', '"', to);
        for (; count < max && max < Integer.MAX_VALUE; count++) {
            at = builder.call(at, json.character());
            builder.range(at, '"', '"', to);
        }
    }

    private void automaton(int from, CharAutomaton automaton, int to) {
        int[] states = new int[automaton.size()];
        for (int state = 0; state < states.length; state++) {
            states[state] = state == 0 ? from : builder.state();
        }
        for (int state = 0; state < states.length; state++) {
            for (CharAutomaton.Edge edge : automaton.edges(state)) {
                character(states[state], edge.low(), edge.high(), states[edge.to()]);
            }
            if (automaton.isEnd(state)) {
                builder.range(states[state], '"', '"', to);
            }
        }
    }

    /** One character of a range, escaped only where it must be. */
    private void character(int from, int low, int high, int to) {
        boolean plain = low > '\\' && high < 0x80 || low > '"' && high < '\\';
        if (plain) {
            builder.range(from, low, high, to);
        } else {
            builder.call(from, escaped.computeIfAbsent(new CharSet.Range(low, high), range -> {
                Rule rule = builder.rule();
                json.codePoints().quotedRange(rule.start(), range.low(), range.high(), rule.end());
                return rule;
            }), to);
        }
    }

    /** A key that is none of some, written without escapes and not empty. Returns where it ends. */
    int otherKey(int from, Set<String> names) {
        int start = builder.text(from, "\"");
        Map<Integer, Map<Integer, Integer>> tree = new LinkedHashMap<>();
        tree.put(start, new TreeMap<>());
        Set<Integer> taken = new HashSet<>();
        names.forEach(name -> taken.add(insert(tree, start, name)));
        int free = builder.state();
        int to = builder.state();
        tree.forEach((state, children) -> {
            int low = 0;
            for (Map.Entry<Integer, Integer> child : children.entrySet()) {
                unescaped(state, low, child.getKey() - 1, free);
                unescaped(state, child.getKey(), child.getKey(), child.getValue());
                low = child.getKey() + 1;
            }
            unescaped(state, low, Character.MAX_CODE_POINT, free);
            if (state != start && !taken.contains(state)) {
                builder.range(state, '"', '"', to);
            }
        });
        unescaped(free, 0, Character.MAX_CODE_POINT, free);
        builder.range(free, '"', '"', to);
        return to;
    }

    private int insert(Map<Integer, Map<Integer, Integer>> tree, int start, String name) {
        int at = start;
        for (int codePoint : name.codePoints().toArray()) {
            at = tree.get(at).computeIfAbsent(codePoint, _ -> {
                int state = builder.state();
                tree.put(state, new TreeMap<>());
                return state;
            });
        }
        return at;
    }

    /** A character of a range that stands in strings as it is. */
    private void unescaped(int from, int low, int high, int to) {
        if (low <= high) {
            builder.call(from, unescaped.computeIfAbsent(new CharSet.Range(low, high), _ -> {
                Rule rule = builder.rule();
                for (CharSet.Range plain : PLAIN) {
                    json.codePoints().range(rule.start(), Math.max(low, plain.low()), Math.min(high, plain.high()), rule.end());
                }
                return rule;
            }), to);
        }
    }
}
