package dev.ondine.server.json;

import dev.ondine.server.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value within JSON, with the path to it. Each reading method gives the value as one type, or fails with status 400 and a sentence
 * such as {@code messages[2].content is 5, expected a string}.
 *
 * @param path where it is, such as {@code messages[2].content}; empty for the whole
 * @param node the value itself
 */
public record FieldValue(String path, JsonNode node) {

    private static final int MOST_SHOWN = 60;

    /** Whether it is a string. */
    public boolean isText() {
        return node.isString();
    }

    /** Whether it is an array. */
    public boolean isList() {
        return node.isArray();
    }

    /** Whether it is an object. */
    public boolean isObject() {
        return node.isObject();
    }

    /** Whether it is a whole number. */
    public boolean isWhole() {
        return node.isNumber() && node.canConvertToExactIntegral();
    }

    /** The string, all of whose characters are whole. */
    public String text() {
        if (!node.isString()) {
            throw wrong("a string");
        }
        String text = node.stringValue();
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw ApiFailure.parameter(path, shownPath() + " holds half a surrogate pair (\\ud800 to \\udfff), expected whole characters");
        }
        return text;
    }

    /** The whole number from {@code least} to {@code most}; 5.0 counts as 5. */
    public long whole(long least, long most) {
        if (!isWhole() || !node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            throw wrong("a whole number from " + least + " to " + most);
        }
        return node.longValue();
    }

    /** The number from {@code least} to {@code most}. */
    public double number(double least, double most) {
        if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
            throw wrong("a number from " + shown(least) + " to " + shown(most));
        }
        return node.doubleValue();
    }

    /** The truth value. */
    public boolean flag() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /** What a word stands for. */
    public <T> T choice(Map<String, T> choices) {
        if (!node.isString() || !choices.containsKey(node.stringValue())) {
            throw wrong(choices.keySet().stream().sorted().map(word -> '"' + word + '"').reduce((a, b) -> a + " or " + b).orElseThrow());
        }
        return choices.get(node.stringValue());
    }

    /** The items of the array. */
    public List<FieldValue> list() {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        List<FieldValue> items = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            items.add(new FieldValue(path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** The fields of the object. */
    public JsonFields object() {
        if (!(node instanceof ObjectNode object)) {
            throw wrong("an object");
        }
        return new JsonFields(path, object);
    }

    /** The failure that says what was found and what was expected. */
    public ApiFailure wrong(String expected) {
        String found = node.toString();
        String shown = found.length() > MOST_SHOWN ? found.substring(0, MOST_SHOWN) + "…" : found;
        return ApiFailure.parameter(path, shownPath() + " is " + shown + ", expected " + expected);
    }

    private String shownPath() {
        return path.isEmpty() ? "the body" : path;
    }

    private static String shown(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15 ? Long.toString((long) bound) : Double.toString(bound);
    }
}
