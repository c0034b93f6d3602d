package dev.ondine.explorer.shape;

import dev.ondine.files.ModelFileException;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The fields of a config.json, each checked against a range. A field that is null counts as missing. */
final class ConfigFields {

    static final long MOST_LAYERS = 10_000;
    static final long MOST_WIDTH = 1 << 24;
    static final long MOST_TOKENS = 1L << 40;

    private final String file;
    private final JsonNode node;

    ConfigFields(String file, JsonNode node) {
        if (!node.isObject()) {
            throw new ModelFileException(file, "is no JSON object; check the path");
        }
        this.file = file;
        this.node = node;
    }

    String file() {
        return file;
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    Optional<ConfigFields> object(String key) {
        return has(key) ? Optional.of(new ConfigFields(file, node.get(key))) : Optional.empty();
    }

    String text(String key, String fallback) {
        if (!has(key)) {
            return fallback;
        }
        return node.get(key).isString() ? node.get(key).stringValue() : refuse(key, "a string");
    }

    boolean isText(String key) {
        return node.path(key).isString();
    }

    boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        return node.get(key).isBoolean() ? node.get(key).booleanValue() : refuse(key, "true or false");
    }

    int width(String key) {
        return (int) number(key, 1, MOST_WIDTH);
    }

    int width(String key, long fallback) {
        return (int) number(key, 1, MOST_WIDTH, fallback);
    }

    long number(String key, long least, long most, long fallback) {
        return has(key) ? number(key, least, most) : fallback;
    }

    long number(String key, long least, long most) {
        if (!has(key)) {
            throw new ModelFileException(file, "\"%s\" is missing; download the file again".formatted(key));
        }
        JsonNode value = node.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
            return refuse(key, "a whole number from %d to %d".formatted(least, most));
        }
        return value.longValue();
    }

    /** How many strings of an array are equal to a word. */
    long count(String key, String word) {
        if (!node.path(key).isArray()) {
            return refuse(key, "an array");
        }
        return Stream.iterate(0, i -> i + 1).limit(node.get(key).size())
                .filter(i -> node.get(key).get(i).isString() && node.get(key).get(i).stringValue().equals(word)).count();
    }

    <T> T refuse(String key, String expected) {
        String found = node.get(key).toString();
        throw new ModelFileException(file, "\"%s\" is %s, expected %s".formatted(key,
                found.length() > 60 ? found.substring(0, 60) + "…" : found, expected));
    }
}
