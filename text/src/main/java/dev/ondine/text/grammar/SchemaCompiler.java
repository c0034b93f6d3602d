package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a JSON schema into rules, one for each set of schemas that a value must meet. */
final class SchemaCompiler {

    private final JsonRules json;
    private final NetworkBuilder builder;
    private final SchemaPlace document;
    private final Effort effort = new Effort();
    private final Shapes shapes = new Shapes(effort);
    private final TextWriter texts;
    private final Map<AllOf, Rule> rules = new HashMap<>();
    private final Map<Shape, Rule> simple = new HashMap<>();
    private final Deque<AllOf> open = new ArrayDeque<>();

    /** @throws IllegalArgumentException if the document is too large or holds what JSON cannot */
    SchemaCompiler(JsonRules json, String label, Map<String, ?> schema) {
        this.json = json;
        this.builder = json.builder();
        this.document = SchemaPlace.ofDocument(label, schema);
        this.texts = new TextWriter(json, effort);
    }

    /** @throws IllegalArgumentException if the schema is refused; the message names the place */
    Rule rule() {
        AllOf whole = AllOf.of(document);
        if (shapes.of(whole).isEmpty()) {
            throw document.refusal("no value meets the schema");
        }
        Rule root = rule(whole);
        while (!open.isEmpty()) {
            AllOf all = open.poll();
            define(rules.get(all), shapes.of(all));
        }
        return root;
    }

    private Rule rule(AllOf all) {
        Rule known = rules.get(all);
        if (known == null) {
            effort.spend(1);
            known = shapes.of(all) == Shape.ANY ? json.value() : builder.rule();
            rules.put(all, known);
            if (known != json.value()) {
                open.add(all);
            }
        }
        return known;
    }

    private void define(Rule rule, List<Shape> alternatives) {
        for (Shape shape : alternatives) {
            switch (shape) {
                case Shape.Exactly(Object value) -> builder.skip(value(rule.start(), value), rule.end());
                case Shape.Numbers _, Shape.Texts _ -> builder.call(rule.start(), simple(shape), rule.end());
                case Shape.Lists lists -> list(rule, lists);
                case Shape.Objects objects -> new ObjectWriter(rule, objects).write();
            }
        }
    }

    /** Numbers and strings, whose rules are shared by all places that ask for the same. */
    private Rule simple(Shape shape) {
        return simple.computeIfAbsent(shape, _ -> {
            Rule rule = builder.rule();
            switch (shape) {
                case Shape.Texts text -> texts.append(rule.start(), text, rule.end());
                case Shape.Numbers numbers when numbers.equals(Shape.Numbers.ANY) ->
                        builder.call(rule.start(), json.number(), rule.end());
                case Shape.Numbers numbers -> new NumberWriter(builder, rule.end()).append(rule.start(), numbers);
                default -> throw new IllegalArgumentException("not simple: " + shape);
            }
            return rule;
        });
    }

    /** One value; strings and numbers that begin alike share states, so that long lists of them stay fast. */
    private int value(int from, Object value) {
        return switch (value) {
            case null -> builder.sharedText(from, "null");
            case Boolean flag -> builder.sharedText(from, flag.toString());
            case BigDecimal number -> builder.sharedText(from, JsonValue.text(number));
            case String text -> builder.sharedText(from, CodePointBytes.quoted(text));
            case List<?> list -> listValue(from, list);
            case Map<?, ?> map -> mapValue(from, map);
            default -> throw new IllegalStateException("not a value of JSON: " + value.getClass());
        };
    }

    private int listValue(int from, List<?> list) {
        int at = builder.text(from, "[");
        for (int index = 0; index < list.size(); index++) {
            at = value(index == 0 ? json.space(at) : json.separator(at, ","), list.get(index));
        }
        return builder.text(json.space(at), "]");
    }

    private int mapValue(int from, Map<?, ?> map) {
        int at = builder.text(from, "{");
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            int key = first ? json.space(at) : json.separator(at, ",");
            at = value(json.separator(value(key, entry.getKey()), ":"), entry.getValue());
            first = false;
        }
        return builder.text(json.space(at), "}");
    }

    private void list(Rule rule, Shape.Lists lists) {
        boolean endless = lists.max() == Integer.MAX_VALUE;
        int last = Math.max(lists.min(), lists.first().size());
        int at = json.space(builder.text(rule.start(), "["));
        for (int count = 0; ; count++) {
            if (count >= lists.min()) {
                builder.range(count == 0 ? at : json.space(at), ']', ']', rule.end());
            }
            AllOf element = lists.element(count);
            if (count == lists.max() || shapes.of(element).isEmpty()) {
                return;
            }
            int start = count == 0 ? at : json.separator(at, ",");
            if (endless && count > last) {
                builder.call(start, rule(element), at);
                return;
            }
            at = builder.call(start, rule(element));
        }
    }

    /** Writes an object: the properties in order, those not required maybe left out, then others. */
    private final class ObjectWriter {

        private static final int NONE = -1;

        private final Rule rule;
        private final Shape.Objects objects;
        /** Where nothing is written yet; {@link #NONE} where that cannot be. */
        private int empty;
        /** Where something is written; {@link #NONE} where that cannot be. */
        private int filled = NONE;

        ObjectWriter(Rule rule, Shape.Objects objects) {
            this.rule = rule;
            this.objects = objects;
        }

        void write() {
            empty = json.space(builder.text(rule.start(), "{"));
            objects.properties().forEach(this::property);
            objects.required().stream().filter(key -> !objects.properties().containsKey(key))
                    .forEach(key -> property(key, objects.others()));
            // Keys that the schema does not speak of may come only where it says so, or where it names none.
            boolean mentionsOthers = objects.others() != AllOf.ANYTHING || objects.properties().isEmpty();
            if (mentionsOthers && !shapes.of(objects.others()).isEmpty()) {
                others();
            }
            if (empty != NONE) {
                builder.range(empty, '}', '}', rule.end());
            }
            if (filled != NONE) {
                builder.range(json.space(filled), '}', '}', rule.end());
            }
        }

        /** Where a key begins. */
        private int key() {
            int key = builder.state();
            if (empty != NONE) {
                builder.skip(empty, key);
            }
            if (filled != NONE) {
                builder.skip(json.separator(filled, ","), key);
            }
            return key;
        }

        private void property(String name, AllOf schema) {
            int written = builder.call(json.separator(builder.text(key(), CodePointBytes.quoted(name)), ":"), rule(schema));
            if (objects.required().contains(name)) {
                empty = NONE;
            } else if (filled != NONE) {
                builder.skip(filled, written);
            }
            filled = written;
        }

        private void others() {
            Set<String> taken = new LinkedHashSet<>(objects.properties().keySet());
            taken.addAll(objects.required());
            int written = filled == NONE ? builder.state() : filled;
            int key = key();
            if (filled == NONE) {
                builder.skip(json.separator(written, ","), key);
            }
            int colon = json.separator(texts.otherKey(key, taken), ":");
            builder.call(colon, rule(objects.others()), written);
            filled = written;
        }
    }
}
