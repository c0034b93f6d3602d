package dev.ondine.roofline.catalogue;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One entry of a catalogue file: {@code [id]} and the lines below it.
 *
 * @param line of the {@code [id]}, from 1
 */
record Card(String id, String file, int line, Map<String, Field> fields) {

    Card {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** An error that says where the card begins. */
    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("%s:%d: [%s] %s".formatted(file, line, id, what));
    }

    Optional<Field> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    /** @throws IllegalArgumentException if the card has no such line */
    Field required(String key) {
        return field(key).orElseThrow(() -> wrong("has no \"%s:\"".formatted(key)));
    }

    /** Words after the colon, or the fallback where the card has no such line. */
    String words(String key, String fallback) {
        return field(key).map(Field::text).orElse(fallback);
    }

    /** What commas separate; empty where the card has no such line. */
    List<String> list(String key) {
        return Stream.of(words(key, "").split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    /** A whole number, or the fallback where the card has no such line. */
    long number(String key, long least, long most, long fallback) {
        return field(key).isEmpty() ? fallback : number(key, least, most);
    }

    /** A whole number that the card must have; underscores may group its digits. */
    long number(String key, long least, long most) {
        Field field = required(key);
        long value;
        try {
            value = Long.parseLong(field.text().replace("_", ""));
        } catch (NumberFormatException notWhole) {
            throw field.wrong("%s: \"%s\" is no whole number".formatted(key, field.text()));
        }
        if (value < least || value > most) {
            throw field.wrong("%s is %d, expected %d to %d".formatted(key, value, least, most));
        }
        return value;
    }

    /** A word out of an enumeration, written in lower case with dashes. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        Field field = required(key);
        return Stream.of(type.getEnumConstants()).filter(value -> written(value).equals(field.text())).findAny()
                .orElseThrow(() -> field.wrong("%s: \"%s\", expected one of %s".formatted(key, field.text(),
                        Arrays.stream(type.getEnumConstants()).map(Card::written).collect(Collectors.joining(", ")))));
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the first key that is not among the known ones, and those that look like it */
    void allowOnly(Collection<String> known) {
        allowOnly(known, "");
    }

    /** The same, but keys that begin with a prefix are allowed as well; none are if it is empty. */
    void allowOnly(Collection<String> known, String prefix) {
        fields.values().stream()
                .filter(field -> !known.contains(field.key()) && (prefix.isEmpty() || !field.key().startsWith(prefix))).findFirst().ifPresent(field -> {
            throw field.wrong("no key is called \"%s\"%s".formatted(field.key(), Spelling.offer(field.key(), known)));
        });
    }
}
