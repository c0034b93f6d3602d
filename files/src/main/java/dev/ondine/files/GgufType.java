package dev.ondine.files;

import java.util.Optional;

/**
 * The type of a metadata value in a GGUF file. Unsigned numbers are held in the next wider Java type; {@link #UINT64}, which has
 * none, in the bits of a {@code long}.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
public enum GgufType {
    UINT8(1, Short.class, short[].class),
    INT8(1, Byte.class, byte[].class),
    UINT16(2, Integer.class, int[].class),
    INT16(2, Short.class, short[].class),
    UINT32(4, Long.class, long[].class),
    INT32(4, Integer.class, int[].class),
    FLOAT32(4, Float.class, float[].class),
    BOOL(1, Boolean.class, boolean[].class),
    /** UTF-8 after its length. */
    STRING(8, String.class, String[].class),
    /** An element type, a count and the elements, which may be arrays again. */
    ARRAY(12, null, TypedValue[].class),
    UINT64(8, Long.class, long[].class),
    INT64(8, Long.class, long[].class),
    FLOAT64(8, Double.class, double[].class);

    private final int smallestBytes;
    private final Class<?> javaType;
    private final Class<?> arrayType;

    GgufType(int smallestBytes, Class<?> javaType, Class<?> arrayType) {
        this.smallestBytes = smallestBytes;
        this.javaType = javaType;
        this.arrayType = arrayType;
    }

    /** The type with this id in a file, or empty where no type has it. */
    static Optional<GgufType> ofId(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    int id() {
        return ordinal();
    }

    /** The fewest bytes that a value takes in a file: all of a number, the length of a string. */
    int smallestBytes() {
        return smallestBytes;
    }

    /** The Java class of one value; null for arrays, whose class depends on their elements. */
    Class<?> javaType() {
        return javaType;
    }

    /** The Java class of an array of such values. */
    Class<?> arrayType() {
        return arrayType;
    }
}
