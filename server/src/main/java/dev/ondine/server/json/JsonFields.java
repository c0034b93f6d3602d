package dev.ondine.server.json;

import dev.ondine.server.failure.ApiFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object, read by name and type. A field that is null counts as missing. It remembers what was read, so that
 * {@link #refuseOthers} can refuse what nobody honours. All methods fail with an {@link ApiFailure} of status 400.
 */
public final class JsonFields {

    private final String path;
    private final ObjectNode object;
    private final Set<String> read = new HashSet<>();

    JsonFields(String path, ObjectNode object) {
        this.path = path;
        this.object = object;
    }

    /** The object itself. */
    public ObjectNode node() {
        return object;
    }

    /** Where a field is: {@code messages[2].content}. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Whether a field is there and not null; it does not count as read. */
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A field of any type. */
    public Optional<FieldValue> value(String name) {
        read.add(name);
        return has(name) ? Optional.of(new FieldValue(path(name), object.get(name))) : Optional.empty();
    }

    /** A field of any type that must be there. */
    public FieldValue require(String name) {
        return value(name).orElseThrow(() -> ApiFailure.parameter(path(name), path(name) + " is missing"));
    }

    /** A string. */
    public Optional<String> text(String name) {
        return value(name).map(FieldValue::text);
    }

    /** A string that must be there. */
    public String requireText(String name) {
        return require(name).text();
    }

    /** A whole number within bounds. */
    public OptionalLong whole(String name, long least, long most) {
        return value(name).map(value -> OptionalLong.of(value.whole(least, most))).orElse(OptionalLong.empty());
    }

    /** A number within bounds. */
    public OptionalDouble number(String name, double least, double most) {
        return value(name).map(value -> OptionalDouble.of(value.number(least, most))).orElse(OptionalDouble.empty());
    }

    /** A truth value. */
    public Optional<Boolean> flag(String name) {
        return value(name).map(FieldValue::flag);
    }

    /** What a word stands for. */
    public <T> Optional<T> choice(String name, Map<String, T> choices) {
        return value(name).map(value -> value.choice(choices));
    }

    /** The items of a list; none if the field is missing. */
    public List<FieldValue> list(String name) {
        return value(name).map(FieldValue::list).orElse(List.of());
    }

    /** An object within. */
    public Optional<JsonFields> object(String name) {
        return value(name).map(FieldValue::object);
    }

    /** One string or a list of them; none if the field is missing. */
    public List<String> texts(String name) {
        return value(name).map(value -> value.isText() ? List.of(value.text()) : value.list().stream().map(FieldValue::text).toList())
                .orElse(List.of());
    }

    /** The names of the fields, in order. */
    public List<String> names() {
        return new ArrayList<>(object.propertyNames());
    }

    /** Lets fields be that change nothing about the answer, whatever they hold. */
    public JsonFields allow(String... names) {
        read.addAll(Set.of(names));
        return this;
    }

    /** Refuses a field that this server cannot honour, unless its value asks for what is done anyway. */
    public JsonFields allowOnly(String name, String reason, Object... harmless) {
        value(name).ifPresent(value -> {
            if (!isOneOf(value.node(), harmless)) {
                throw ApiFailure.unsupported(value.path(), value.path() + " is not supported: " + reason);
            }
        });
        return this;
    }

    /** Refuses fields that were neither read nor allowed. */
    public void refuseOthers() {
        for (String name : names()) {
            if (!read.contains(name) && has(name)) {
                throw ApiFailure.parameter(path(name), path(name) + " is no known field; leave it out");
            }
        }
    }

    private static boolean isOneOf(JsonNode node, Object... harmless) {
        for (Object value : harmless) {
            JsonNode other = JsonText.tree(value);
            if (node.equals(other) || node.isNumber() && other.isNumber() && node.doubleValue() == other.doubleValue()) {
                return true;
            }
        }
        return false;
    }
}
