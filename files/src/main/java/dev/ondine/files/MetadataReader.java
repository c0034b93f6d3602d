package dev.ondine.files;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the key/value pairs of a GGUF header. */
final class MetadataReader {

    /** Key length, type and the smallest value. */
    static final int SMALLEST_PAIR_BYTES = 13;

    private static final int DEEPEST_NESTING = 8;

    private final HeaderReader header;

    MetadataReader(HeaderReader header) {
        this.header = header;
    }

    Metadata read(int pairs) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs; i++) {
            String key = header.name("metadata key");
            if (values.putIfAbsent(key, value()) != null) {
                throw header.damaged(header.subject() + " appears twice");
            }
        }
        return Metadata.ofFile(header.file(), values);
    }

    private GgufType type() {
        int id = header.int32();
        if (id < 0 || id >= GgufType.COUNT) {
            throw header.damaged("%s has the unknown type %s, expected 0 to %d".formatted(
                    header.subject(), Integer.toUnsignedString(id), GgufType.COUNT - 1));
        }
        return GgufType.ofId(id);
    }

    /** A typed value, or undecoded strings. */
    private Object value() {
        GgufType type = type();
        if (type != GgufType.ARRAY) {
            return new TypedValue(type, null, scalar(type));
        }
        GgufType elementType = type();
        int count = count(elementType);
        return elementType == GgufType.STRING ? header.texts(count) : array(elementType, count, 1);
    }

    private int count(GgufType elementType) {
        return header.count(elementType.smallestBytes(), "array elements");
    }

    private Object scalar(GgufType type) {
        return switch (type) {
            case UINT8 -> (short) Byte.toUnsignedInt(header.int8());
            case INT8 -> header.int8();
            case UINT16 -> Short.toUnsignedInt(header.int16());
            case INT16 -> header.int16();
            case UINT32 -> Integer.toUnsignedLong(header.int32());
            case INT32 -> header.int32();
            case UINT64, INT64 -> header.int64();
            case FLOAT32 -> header.float32();
            case FLOAT64 -> header.float64();
            case BOOL -> flag(header.int8());
            case STRING -> header.text();
            case ARRAY -> throw new IllegalArgumentException("an array is no scalar");
        };
    }

    private TypedValue array(GgufType elementType, int count, int depth) {
        Object elements = switch (elementType) {
            case STRING -> header.texts(count).decode();
            case ARRAY -> arrays(count, depth + 1);
            default -> numbers(elementType, header.take(count * elementType.smallestBytes()), count);
        };
        return TypedValue.array(elementType, elements);
    }

    private TypedValue[] arrays(int count, int depth) {
        if (depth > DEEPEST_NESTING) {
            throw header.damaged(header.subject() + " nests arrays more than " + DEEPEST_NESTING + " deep");
        }
        TypedValue[] arrays = new TypedValue[count];
        for (int i = 0; i < count; i++) {
            GgufType elementType = type();
            arrays[i] = array(elementType, count(elementType), depth);
        }
        return arrays;
    }

    private Object numbers(GgufType type, ByteBuffer bytes, int count) {
        return switch (type) {
            case UINT8 -> unsigned8(bytes, new short[count]);
            case INT8 -> signed8(bytes, new byte[count]);
            case UINT16 -> unsigned16(bytes, new int[count]);
            case INT16 -> signed16(bytes, new short[count]);
            case UINT32 -> unsigned32(bytes, new long[count]);
            case INT32 -> signed32(bytes, new int[count]);
            case UINT64, INT64 -> signed64(bytes, new long[count]);
            case FLOAT32 -> float32(bytes, new float[count]);
            case FLOAT64 -> float64(bytes, new double[count]);
            case BOOL -> flags(bytes, new boolean[count]);
            case STRING, ARRAY -> throw new IllegalArgumentException(type + " is no number");
        };
    }

    private static short[] unsigned8(ByteBuffer bytes, short[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (short) Byte.toUnsignedInt(bytes.get());
        }
        return numbers;
    }

    private static byte[] signed8(ByteBuffer bytes, byte[] numbers) {
        bytes.get(numbers);
        return numbers;
    }

    private static int[] unsigned16(ByteBuffer bytes, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Short.toUnsignedInt(bytes.getShort());
        }
        return numbers;
    }

    private static short[] signed16(ByteBuffer bytes, short[] numbers) {
        bytes.asShortBuffer().get(numbers);
        return numbers;
    }

    private static long[] unsigned32(ByteBuffer bytes, long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.toUnsignedLong(bytes.getInt());
        }
        return numbers;
    }

    private static int[] signed32(ByteBuffer bytes, int[] numbers) {
        bytes.asIntBuffer().get(numbers);
        return numbers;
    }

    private static long[] signed64(ByteBuffer bytes, long[] numbers) {
        bytes.asLongBuffer().get(numbers);
        return numbers;
    }

    private static float[] float32(ByteBuffer bytes, float[] numbers) {
        bytes.asFloatBuffer().get(numbers);
        return numbers;
    }

    private static double[] float64(ByteBuffer bytes, double[] numbers) {
        bytes.asDoubleBuffer().get(numbers);
        return numbers;
    }

    private boolean[] flags(ByteBuffer bytes, boolean[] flags) {
        for (int i = 0; i < flags.length; i++) {
            flags[i] = flag(bytes.get());
        }
        return flags;
    }

    private boolean flag(byte value) {
        if (value != 0 && value != 1) {
            throw header.damaged("%s holds the truth value %d, expected 0 or 1".formatted(header.subject(), value));
        }
        return value == 1;
    }
}
