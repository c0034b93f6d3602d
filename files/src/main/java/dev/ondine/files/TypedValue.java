package dev.ondine.files;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One metadata value and its type in the file.
 *
 * @param elementType the type of the elements if {@code type} is {@link GgufType#ARRAY}, else null
 * @param value       of the Java class that {@link GgufType} names for the type
 */
public record TypedValue(GgufType type, GgufType elementType, Object value) {

    private static final Map<Class<?>, GgufType> NATURAL_TYPES = Stream.of(GgufType.INT8, GgufType.INT16, GgufType.INT32,
                    GgufType.INT64, GgufType.FLOAT32, GgufType.FLOAT64, GgufType.BOOL, GgufType.STRING)
            .collect(Collectors.toUnmodifiableMap(GgufType::javaType, type -> type));

    private static final Map<Class<?>, GgufType> NATURAL_ELEMENT_TYPES = Stream.concat(
                    NATURAL_TYPES.values().stream(), Stream.of(GgufType.ARRAY))
            .collect(Collectors.toUnmodifiableMap(GgufType::arrayType, type -> type));

    public TypedValue {
        Class<?> expected = type == GgufType.ARRAY ? elementType.arrayType() : type.javaType();
        if (!expected.isInstance(value)) {
            throw new IllegalArgumentException("a value of type %s must be a %s, found %s".formatted(
                    type, expected.getSimpleName(), value.getClass().getSimpleName()));
        }
    }

    /** A value with the type that fits its Java class: {@code Integer} is INT32, {@code float[]} an array of FLOAT32. */
    public static TypedValue of(Object value) {
        if (value instanceof TypedValue typed) {
            return typed;
        }
        GgufType elementType = NATURAL_ELEMENT_TYPES.get(value.getClass());
        if (elementType != null) {
            return new TypedValue(GgufType.ARRAY, elementType, value);
        }
        GgufType type = NATURAL_TYPES.get(value.getClass());
        if (type == null) {
            throw new IllegalArgumentException("metadata cannot hold a " + value.getClass().getName());
        }
        return new TypedValue(type, null, value);
    }

    /** An unsigned 32-bit number, the type that most counts have in published files. */
    public static TypedValue unsigned(int value) {
        return new TypedValue(GgufType.UINT32, null, Integer.toUnsignedLong(value));
    }

    /** An array of one element type; {@code elements} of the Java class that the type asks for. */
    public static TypedValue array(GgufType elementType, Object elements) {
        return new TypedValue(GgufType.ARRAY, elementType, elements);
    }

    /** The value in plain Java classes: arrays in arrays become {@code Object[]}. */
    Object plain() {
        if (value instanceof TypedValue[] elements) {
            return Arrays.stream(elements).map(TypedValue::plain).toArray();
        }
        return value;
    }

    /** For messages: {@code UINT32 7}, {@code array of 3 STRING}. */
    String describe() {
        if (type == GgufType.ARRAY) {
            return "an array of %d %s".formatted(java.lang.reflect.Array.getLength(value), elementType);
        }
        return type + " " + Labels.quoted(value.toString());
    }
}
