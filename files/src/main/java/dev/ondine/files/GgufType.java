package dev.ondine.files;

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

    private static final GgufType[] BY_ID = values();

    static final int COUNT = BY_ID.length;

    private final int smallestBytes;
    private final Class<?> javaType;
    private final Class<?> javaArrayType;

    GgufType(int smallestBytes, Class<?> javaType, Class<?> javaArrayType) {
        this.smallestBytes = smallestBytes;
        this.javaType = javaType;
        this.javaArrayType = javaArrayType;
    }

    /** The type with this id in a file, below {@link #COUNT}. */
    static GgufType ofId(int id) {
        return BY_ID[id];
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
    Class<?> javaArrayType() {
        return javaArrayType;
    }
}
