package dev.ondine.files;

import java.lang.reflect.Array;
import java.util.List;

/**
 * One metadata value and its type in the file.
 *
 * @param elementType the type of the elements if {@code type} is {@link GgufType#ARRAY}, else null
 * @param value       of the Java class that {@link GgufType} names; arrays are not copied
 */
public record TypedValue(GgufType type, GgufType elementType, Object value) {

    /** The types that a Java class stands for when nothing else is said. */
    private static final List<GgufType> NATURAL_TYPES = List.of(GgufType.INT8, GgufType.INT16, GgufType.INT32, GgufType.INT64,
            GgufType.FLOAT32, GgufType.FLOAT64, GgufType.BOOL, GgufType.STRING, GgufType.ARRAY);

    public TypedValue {
        Class<?> expected = type == GgufType.ARRAY ? elementType.javaArrayType() : type.javaType();
        if (!expected.isInstance(value)) {
            throw new IllegalArgumentException("a metadata value of type %s must be a %s, found a %s".formatted(
                    type, expected.getSimpleName(), value.getClass().getSimpleName()));
        }
        if (value instanceof TypedValue[] arrays) {
            requireArrays(arrays);
        }
    }

    private static void requireArrays(TypedValue[] elements) {
        for (TypedValue element : elements) {
            if (element.type != GgufType.ARRAY) {
                throw new IllegalArgumentException("an array of arrays holds " + element.describe());
            }
        }
    }

    /** A value with the type that fits its Java class: {@code Integer} is INT32, {@code float[]} an array of FLOAT32. */
    public static TypedValue of(Object value) {
        if (value instanceof TypedValue typed) {
            return typed;
        }
        for (GgufType type : NATURAL_TYPES) {
            if (value.getClass() == type.javaType()) {
                return new TypedValue(type, null, value);
            }
            if (value.getClass() == type.javaArrayType()) {
                return array(type, value);
            }
        }
        throw new IllegalArgumentException("metadata cannot hold a " + value.getClass().getName());
    }

    /** An unsigned 32-bit number, the type of most counts in published files. */
    public static TypedValue unsigned(int value) {
        return new TypedValue(GgufType.UINT32, null, Integer.toUnsignedLong(value));
    }

    /** An array; {@code elements} of the Java class that {@link GgufType} names for the element type. */
    public static TypedValue array(GgufType elementType, Object elements) {
        return new TypedValue(GgufType.ARRAY, elementType, elements);
    }

    /** For messages: {@code INT32 7}, {@code an array of 3 STRING}. */
    String describe() {
        if (type == GgufType.ARRAY) {
            return "an array of " + Array.getLength(value) + " " + elementType;
        }
        return type + " " + Labels.printable(value.toString());
    }
}
