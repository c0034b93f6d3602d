package dev.ondine.files;

import java.lang.reflect.Array;
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
    /** Each a {@link TypedValue}, or {@link EncodedStrings} straight from a file. */
    private final Map<String, Object> values;

    private Metadata(String file, Map<String, Object> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * Metadata from plain values: boxed numbers, {@code Boolean}, {@code String}, arrays of these as primitive arrays or
     * {@code String[]}, or {@link TypedValue} where the type in the file matters. The map's order is kept.
     */
    public static Metadata of(String file, Map<String, Object> values) {
        Map<String, Object> typed = new LinkedHashMap<>();
        values.forEach((key, value) -> typed.put(key, TypedValue.of(value)));
        return new Metadata(file, typed);
    }

    /** Metadata as read from a file; {@code values} are {@link TypedValue} or {@link EncodedStrings}. */
    static Metadata ofFile(String file, Map<String, Object> values) {
        return new Metadata(file, values);
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

    /** The value with its type in the file, as {@link GgufType} names its Java class. */
    public TypedValue typedValue(String key) {
        Object value = values.get(key);
        if (value == null) {
            throw new ModelFileException(file, "metadata key " + key + " is missing; download or convert the model again");
        }
        return value instanceof EncodedStrings strings ? TypedValue.array(GgufType.STRING, strings.decode()) : (TypedValue) value;
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
        if (!(value.value() instanceof Number number) || number instanceof Float || number instanceof Double) {
            return refuse(key, "an integer");
        }
        if (value.type() == GgufType.UINT64 && number.longValue() < 0) {
            return refuse(key, "an integer below 2^63");
        }
        return number.longValue();
    }

    /** A number of any type, rounded to float. */
    public float number(String key) {
        return typedValue(key).value() instanceof Number number ? number.floatValue() : refuse(key, "a number");
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

    /** A copy of an array of strings. Those of a file are decoded at each call, so call once for a vocabulary. */
    public String[] strings(String key) {
        if (values.get(key) instanceof EncodedStrings strings) {
            return strings.decode();
        }
        return typedValue(key).value() instanceof String[] strings ? strings.clone() : refuse(key, "an array of strings");
    }

    /** A copy of an array of any integer type. */
    public int[] integers(String key) {
        Object numbers = typedValue(key).value();
        if (numbers instanceof int[] plain) {
            return plain.clone();
        }
        if (numbers instanceof long[] wide) {
            return narrowed(key, wide);
        }
        if (numbers instanceof short[] || numbers instanceof byte[]) {
            return widened(numbers);
        }
        return refuse(key, "an array of integers");
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

    private static int[] widened(Object numbers) {
        int[] wide = new int[Array.getLength(numbers)];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Array.getInt(numbers, i);
        }
        return wide;
    }

    /** A copy of an array of floating-point numbers, rounded to float. */
    public float[] numbers(String key) {
        Object numbers = typedValue(key).value();
        if (numbers instanceof float[] plain) {
            return plain.clone();
        }
        return numbers instanceof double[] wide ? rounded(wide) : refuse(key, "an array of floating-point numbers");
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
