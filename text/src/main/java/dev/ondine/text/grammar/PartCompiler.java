package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the parts of a grammar into a network. */
final class PartCompiler {

    private final NetworkBuilder builder;
    private final JsonRules json;

    PartCompiler(NetworkBuilder builder) {
        this.builder = builder;
        this.json = new JsonRules(builder, true);
    }

    Rule rule(GrammarPart part) {
        Rule rule = builder.rule();
        builder.skip(append(rule.start(), part), rule.end());
        return rule;
    }

    /** Writes a part from a state on and returns where it ends. */
    private int append(int from, GrammarPart part) {
        return switch (part) {
            case GrammarPart.Literal(String text) -> builder.text(from, text);
            case GrammarPart.Mark(String text) -> mark(from, text);
            case GrammarPart.Space() -> json.space(from);
            case GrammarPart.Json(String label, Map<String, ?> schema) ->
                    builder.call(from, new SchemaCompiler(json, label, schema).rule());
            case GrammarPart.AnyObject() -> builder.call(from, json.object());
            case GrammarPart.Sequence(List<GrammarPart> parts) -> sequence(from, parts);
            case GrammarPart.Choice(List<GrammarPart> parts) -> choice(from, parts);
            case GrammarPart.Repeat(GrammarPart repeated) -> repeat(from, repeated);
            case GrammarPart.Until(String trigger) -> until(from, trigger);
            case GrammarPart.FreeText(List<String> triggers, String notFirst) -> freeText(from, triggers, notFirst);
        };
    }

    private int mark(int from, String text) {
        int unmarked = builder.state();
        builder.skip(from, unmarked);
        builder.range(from, Network.MARK, Network.MARK, unmarked);
        return builder.text(unmarked, text);
    }

    private int sequence(int from, List<GrammarPart> parts) {
        int at = from;
        for (GrammarPart part : parts) {
            at = append(at, part);
        }
        return at;
    }

    private int choice(int from, List<GrammarPart> parts) {
        int to = builder.state();
        for (GrammarPart part : parts) {
            int branch = builder.state();
            builder.skip(from, branch);
            builder.skip(append(branch, part), to);
        }
        return to;
    }

    private int repeat(int from, GrammarPart part) {
        int again = builder.state();
        builder.skip(from, again);
        builder.skip(append(again, part), again);
        return again;
    }

    private int until(int from, String trigger) {
        int to = builder.state();
        Map<String, Integer> states = search(List.of(trigger), to);
        builder.skip(from, states.get(""));
        return to;
    }

    private int freeText(int from, List<String> triggers, String notFirst) {
        int to = builder.state();
        Map<String, Integer> states = search(triggers, -1);
        states.values().forEach(state -> builder.skip(state, to));
        int start = builder.state();
        builder.skip(from, start);
        builder.skip(start, to);
        for (int symbol = 0; symbol < Network.SYMBOLS; symbol++) {
            if (" \t\r\n".indexOf(symbol) >= 0) {
                builder.range(start, symbol, symbol, start);
            } else if (notFirst.indexOf(symbol) < 0) {
                Integer next = states.get(longestPrefix(Character.toString(symbol), states));
                if (next != null) {
                    builder.range(start, symbol, symbol, next);
                }
            }
        }
        return to;
    }

    /**
     * States that look for triggers in any text, one for each beginning of a trigger.
     *
     * @param found where a trigger leads to; -1 where none may come
     * @see <a href="https://doi.org/10.1145/360825.360855">Aho and Corasick 1975, Efficient string matching</a>
     */
    private Map<String, Integer> search(List<String> triggers, int found) {
        Set<String> beginnings = new LinkedHashSet<>(Set.of(""));
        Map<String, Integer> targets = new HashMap<>();
        for (String trigger : triggers) {
            String bytes = new String(trigger.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            for (int length = 1; length < bytes.length(); length++) {
                beginnings.add(bytes.substring(0, length));
            }
            targets.put(bytes, found);
        }
        Map<String, Integer> states = new HashMap<>();
        beginnings.forEach(beginning -> states.put(beginning, builder.state()));
        targets.putAll(states);
        beginnings.forEach(beginning -> searchEdges(beginning, states.get(beginning), targets));
        return states;
    }

    private void searchEdges(String beginning, int state, Map<String, Integer> targets) {
        for (int symbol = 0; symbol < Network.SYMBOLS; symbol++) {
            int target = targets.get(longestPrefix(beginning + (char) symbol, targets));
            if (target >= 0) {
                builder.range(state, symbol, symbol, target);
            }
        }
    }

    private static String longestPrefix(String text, Map<String, Integer> known) {
        int from = 0;
        while (!known.containsKey(text.substring(from))) {
            from++;
        }
        return text.substring(from);
    }
}
