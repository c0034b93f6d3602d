package dev.ondine.files;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The typed key/value pairs of a model file, in file order.
 *
 * <p>A key that is missing, or whose value has another type or does not fit, raises {@link ModelFileException} naming file, key,
 * found and expected. Accessors with a fallback return it only where the key is missing.
 */
public final class Metadata {

    private final String file;
    private final Map<String, TypedValue> values;

    Metadata(String file, Map<String, TypedValue> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * Metadata from plain values: boxed numbers, {@code Boolean}, {@code String}, arrays of these as primitive arrays or
     * {@code String[]}, or {@link TypedValue} where the type in the file matters. The map's order is kept.
     */
    public static Metadata of(String file, Map<String, Object> values) {
        Map<String, TypedValue> typed = new LinkedHashMap<>();
        values.forEach((key, value) -> typed.put(key, TypedValue.of(value)));
        return new Metadata(file, typed);
    }

    /** The name of the file, for messages. */
    public String file() {
        return file;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** All keys in file order. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** The value for display: a boxed number, {@code Boolean}, {@code String}, primitive array, {@code String[]} or, nested, {@code Object[]}. */
    public Object value(String key) {
        return typedValue(key).plain();
    }

    /** The value with its type in the file. */
    public TypedValue typedValue(String key) {
        TypedValue value = values.get(key);
        if (value == null) {
            throw new ModelFileException(file, "metadata key " + key + " is missing; the file is incomplete, download or convert it again");
        }
        return value;
    }

    public String string(String key) {
        return typedValue(key).value() instanceof String text ? text : refuse(key, "a string");
    }

    public String string(String key, String fallback) {
        return has(key) ? string(key) : fallback;
    }

    /** A whole number of any integer type. */
    public int integer(String key) {
        long number = longInteger(key);
        return number == (int) number ? (int) number : refuse(key, "an integer below 2^31");
    }

    public int integer(String key, int fallback) {
        return has(key) ? integer(key) : fallback;
    }

    /** A whole number of any integer type. */
    public long longInteger(String key, long fallback) {
        return has(key) ? longInteger(key) : fallback;
    }

    private long longInteger(String key) {
        TypedValue value = typedValue(key);
        return switch (value.value()) {
            case Long number when number < 0 && value.type() == GgufType.UINT64 -> refuse(key, "an integer below 2^63");
            case Byte number -> number;
            case Short number -> number;
            case Integer number -> number;
            case Long number -> number;
            default -> refuse(key, "an integer");
        };
    }

    /** A number of any type, rounded to float. */
    public float number(String key) {
        return switch (typedValue(key).value()) {
            case Float number -> number;
            case Double number -> number.floatValue();
            case Number number -> longInteger(key);
            default -> refuse(key, "a number");
        };
    }

    public float number(String key, float fallback) {
        return has(key) ? number(key) : fallback;
    }

    public boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        return typedValue(key).value() instanceof Boolean flag ? flag : refuse(key, "true or false");
    }

    /** A copy of an array of strings. */
    public String[] strings(String key) {
        return typedValue(key).value() instanceof String[] strings ? strings.clone() : refuse(key, "an array of strings");
    }

    /** A copy of an array of any integer type. */
    public int[] integers(String key) {
        return switch (typedValue(key).value()) {
            case int[] numbers -> numbers.clone();
            case long[] numbers -> narrowed(key, numbers);
            case short[] numbers -> widened(numbers);
            case byte[] numbers -> widened(numbers);
            default -> refuse(key, "an array of integers");
        };
    }

    private int[] narrowed(String key, long[] numbers) {
        int[] narrow = new int[numbers.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (int) numbers[i];
            if (narrow[i] != numbers[i]) {
                return refuse(key, "integers below 2^31");
            }
        }
        return narrow;
    }

    private static int[] widened(short[] numbers) {
        int[] wide = new int[numbers.length];
        Arrays.setAll(wide, i -> numbers[i]);
        return wide;
    }

    private static int[] widened(byte[] numbers) {
        int[] wide = new int[numbers.length];
        Arrays.setAll(wide, i -> numbers[i]);
        return wide;
    }

    /** A copy of an array of floating-point numbers, rounded to float. */
    public float[] numbers(String key) {
        return switch (typedValue(key).value()) {
            case float[] numbers -> numbers.clone();
            case double[] numbers -> rounded(numbers);
            default -> refuse(key, "an array of floating-point numbers");
        };
    }

    private static float[] rounded(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private <T> T refuse(String key, String expected) {
        throw new ModelFileException(file, "metadata key %s is %s, expected %s; convert the model again".formatted(
                key, typedValue(key).describe(), expected));
    }
}
