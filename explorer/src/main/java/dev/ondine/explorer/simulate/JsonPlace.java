package dev.ondine.explorer.simulate;

import dev.ondine.roofline.device.Unit;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A value of a scenario file, with where it stands in it. Everything that is read from one says what is wrong, and where. */
public record JsonPlace(JsonNode node, String path) {

    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{2})(?::(\\d{2}(?:\\.\\d+)?))?");
    private static final int MOST_SHOWN = 60;

    /** The whole of a file. @throws IllegalArgumentException if it is no JSON */
    public static JsonPlace read(InputStream content, String name) {
        JsonMapper mapper = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
        try {
            return new JsonPlace(mapper.readTree(content), name);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("%s:%d:%d: %s".formatted(name, e.getLocation().getLineNr(), e.getLocation().getColumnNr(),
                    e.getOriginalMessage()), e);
        }
    }

    /** What to throw if the value is not what was expected. */
    public IllegalArgumentException wrong(String expected) {
        String found = node.toString();
        return new IllegalArgumentException("%s is %s, expected %s".formatted(path,
                found.length() > MOST_SHOWN ? found.substring(0, MOST_SHOWN) + "…" : found, expected));
    }

    /** The same, but an object that holds nothing besides these. */
    public JsonPlace object(String... keys) {
        if (!node.isObject()) {
            throw wrong("an object with " + String.join(", ", keys));
        }
        for (String key : node.propertyNames()) {
            if (!List.of(keys).contains(key)) {
                throw new IllegalArgumentException("%s has \"%s\", expected only %s".formatted(path, key, String.join(", ", keys)));
            }
        }
        return this;
    }

    public Optional<JsonPlace> find(String key) {
        return node.has(key) ? Optional.of(new JsonPlace(node.get(key), path + "." + key)) : Optional.empty();
    }

    public JsonPlace require(String key) {
        if (!node.isObject()) {
            throw wrong("an object with \"" + key + "\"");
        }
        return find(key).orElseThrow(() -> new IllegalArgumentException("%s has no \"%s\", but it is needed".formatted(path, key)));
    }

    public List<JsonPlace> list() {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        List<JsonPlace> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(new JsonPlace(node.get(i), path + "[" + i + "]"));
        }
        return items;
    }

    public List<JsonPlace> list(String key) {
        return find(key).map(JsonPlace::list).orElse(List.of());
    }

    public String text() {
        if (!node.isString() || node.stringValue().isBlank()) {
            throw wrong("a text");
        }
        return node.stringValue();
    }

    public boolean truth() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    public double number(double least, double most) {
        return quantity(Unit.NUMBER, least, most);
    }

    public int whole(int least, int most) {
        double value = number(least, most);
        if (value != Math.rint(value)) {
            throw wrong("a whole number");
        }
        return (int) value;
    }

    /** A number in the base unit, or a text such as {@code "40 ms"}. */
    public double quantity(Unit unit, double least, double most) {
        if (!node.isNumber() && !node.isString()) {
            throw wrong("a number" + (unit.base().isEmpty() ? "" : " with its unit, such as \"1 " + unit.base() + "\""));
        }
        double value = node.isNumber() ? node.doubleValue() : parsed(unit);
        if (!(value >= least && value <= most)) {
            throw wrong("%s to %s %s".formatted(plain(least), plain(most), unit.base()).strip());
        }
        return value;
    }

    private double parsed(Unit unit) {
        try {
            return unit.parse(node.stringValue());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }

    public double seconds(double least, double most) {
        return quantity(Unit.SECONDS, least, most);
    }

    /** {@code 07:30} or {@code 07:30:15.5}, as seconds since midnight. */
    public double secondOfDay() {
        Matcher time = TIME.matcher(node.isString() ? node.stringValue() : "");
        if (time.matches()) {
            double seconds = 3600 * Integer.parseInt(time.group(1)) + 60 * Integer.parseInt(time.group(2))
                    + (time.group(3) == null ? 0 : Double.parseDouble(time.group(3)));
            if (seconds <= DaySpan.DAY_SECONDS && Integer.parseInt(time.group(2)) < 60) {
                return seconds;
            }
        }
        throw wrong("a time of day from \"00:00\" to \"24:00\"");
    }

    /** From {@code from} to {@code to}; the whole day where they are not given. */
    public DaySpan span() {
        return new DaySpan(find("from").map(JsonPlace::secondOfDay).orElse(0.0),
                find("to").map(JsonPlace::secondOfDay).orElse(DaySpan.DAY_SECONDS));
    }

    public <E extends Enum<E>> E oneOf(Class<E> type) {
        List<String> names = Stream.of(type.getEnumConstants()).map(JsonPlace::word).toList();
        int index = node.isString() ? names.indexOf(node.stringValue()) : -1;
        if (index < 0) {
            throw wrong("one of " + String.join(", ", names));
        }
        return type.getEnumConstants()[index];
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A number, or {@code {"uniform": [least, most]}}, or {@code {"lognormal": {"median", "sigma", "most"}}}. */
    public Amount amount(double most) {
        if (node.isNumber()) {
            return new Amount.Fixed(number(0, most));
        }
        if (!node.isObject() || node.size() != 1 || !(node.has("uniform") || node.has("lognormal"))) {
            throw wrong("a number, {\"uniform\": [least, most]} or {\"lognormal\": {\"median\": …, \"sigma\": …, \"most\": …}}");
        }
        return node.has("uniform") ? require("uniform").uniform(most) : require("lognormal").lognormal(most);
    }

    private Amount uniform(double most) {
        List<JsonPlace> ends = list();
        if (ends.size() != 2) {
            throw wrong("two numbers, the least and the most");
        }
        double least = ends.getFirst().number(0, most);
        return new Amount.Uniform(least, ends.getLast().number(least, most));
    }

    private Amount lognormal(double most) {
        object("median", "sigma", "most");
        return new Amount.Lognormal(require("median").number(Double.MIN_NORMAL, most), require("sigma").number(0, 5),
                find("most").map(place -> place.number(0, most)).orElse(most));
    }
}
