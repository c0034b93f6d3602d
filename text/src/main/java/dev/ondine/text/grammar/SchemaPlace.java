package dev.ondine.text.grammar;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A place in a schema document: its JSON pointer and what stands there. Two are equal if they are the same place. */
final class SchemaPlace {

    private static final int MOST_DEPTH = 100;
    private static final int MOST_VALUES = 50_000;
    private static final int MOST_CHARACTERS = 1 << 20;

    private final Document root;
    /** Null for the whole document. */
    private final SchemaPlace parent;
    /** The key or index below the parent. */
    private final String step;
    private final Object value;
    private final int hash;

    /** @param label what errors call it */
    private record Document(String label, Map<String, ?> schema) { }

    private SchemaPlace(Document root, SchemaPlace parent, String step, Object value) {
        this.root = root;
        this.parent = parent;
        this.step = step;
        this.value = value;
        this.hash = parent == null ? 1 : 31 * parent.hash + step.hashCode();
    }

    /**
     * The whole document.
     *
     * @param label what errors call it
     * @throws IllegalArgumentException if it is too large, too deep or holds what JSON cannot
     */
    static SchemaPlace ofDocument(String label, Map<String, ?> schema) {
        SchemaPlace place = new SchemaPlace(new Document(label, schema), null, "#", schema);
        new Census().count(place, 0);
        return place;
    }

    /** What a document holds, counted against the limits. */
    private static final class Census {

        private int values;
        private int characters;

        void count(SchemaPlace place, int depth) {
            values++;
            if (depth > MOST_DEPTH || values > MOST_VALUES || characters > MOST_CHARACTERS) {
                throw place.refusal("the schema is deeper than " + MOST_DEPTH + " levels or has more than " + MOST_VALUES
                        + " values or " + MOST_CHARACTERS + " characters; make it smaller");
            }
            switch (place.value) {
                case Map<?, ?> map -> map.keySet().forEach(key -> {
                    if (!(key instanceof String name)) {
                        throw place.refusal("found a key that is no string, expected strings");
                    }
                    characters += name.length();
                    count(place.child(name), depth + 1);
                });
                case List<?> list -> {
                    for (int index = 0; index < list.size(); index++) {
                        count(place.child(index), depth + 1);
                    }
                }
                case String text -> characters += text.length();
                case null -> { }
                case Number _, Boolean _ -> { }
                default -> throw place.refusal("found a " + place.value.getClass().getName() + ", expected what JSON can hold");
            }
        }
    }

    boolean isDocument() {
        return parent == null;
    }

    Object value() {
        return value;
    }

    boolean has(String key) {
        return value instanceof Map<?, ?> map && map.containsKey(key);
    }

    /** What stands below a key, which exists. */
    SchemaPlace child(String key) {
        return new SchemaPlace(root, this, key, ((Map<?, ?>) value).get(key));
    }

    SchemaPlace child(int index) {
        return new SchemaPlace(root, this, Integer.toString(index), ((List<?>) value).get(index));
    }

    /** The members of an object. */
    List<String> keys() {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream().map(String.class::cast).toList();
        }
        throw expected("an object");
    }

    /** The elements of a list. */
    List<SchemaPlace> elements() {
        if (value instanceof List<?> list) {
            return IntStream.range(0, list.size()).mapToObj(this::child).toList();
        }
        throw expected("a list");
    }

    String string() {
        if (value instanceof String text) {
            return text;
        }
        throw expected("a string");
    }

    /** The same place of the document that a reference names. */
    SchemaPlace target() {
        String reference = string();
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw refusal("found the reference '" + shown(reference) + "', expected one within the schema, such as '#/$defs/name'");
        }
        SchemaPlace place = new SchemaPlace(root, null, "#", root.schema);
        String path = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        for (String step : path.isEmpty() ? new String[0] : path.substring(1).split("/", -1)) {
            place = place.step(step.replace("~1", "/").replace("~0", "~"));
            if (place == null) {
                throw refusal("found the reference '" + shown(reference) + "', but the schema has no such place");
            }
        }
        return place;
    }

    private SchemaPlace step(String step) {
        if (value instanceof List<?> list) {
            boolean exists = step.matches("0|[1-9]\\d{0,5}") && Integer.parseInt(step) < list.size();
            return exists ? child(Integer.parseInt(step)) : null;
        }
        return has(step) ? child(step) : null;
    }

    IllegalArgumentException expected(String what) {
        return refusal("found " + described(value) + ", expected " + what);
    }

    IllegalArgumentException refusal(String problem) {
        return new IllegalArgumentException(root.label + " " + pointer() + ": " + problem);
    }

    private String pointer() {
        return parent == null ? step : parent.pointer() + "/" + shown(step).replace("~", "~0").replace("/", "~1");
    }

    private static String described(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            case String text -> "'" + shown(text) + "'";
            default -> shown(value.toString());
        };
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof SchemaPlace place && root == place.root && hash == place.hash && step.equals(place.step)
                && Objects.equals(parent, place.parent);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
