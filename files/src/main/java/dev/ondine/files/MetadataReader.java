package dev.ondine.files;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the key/value pairs of a GGUF header. */
final class MetadataReader {

    // Key length, type and the smallest value.
    static final int SMALLEST_PAIR_BYTES = 13;

    private static final int DEEPEST_ARRAY = 8;

    private final HeaderReader header;

    MetadataReader(HeaderReader header) {
        this.header = header;
    }

    Metadata read(String file, int pairs) {
        Map<String, TypedValue> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs; i++) {
            String key = header.name("metadata key " + i);
            TypedValue value = value(type(key), key, 0);
            if (values.putIfAbsent(key, value) != null) {
                throw header.damaged("metadata key " + Labels.quoted(key) + " appears twice");
            }
        }
        return new Metadata(file, values);
    }

    private GgufType type(String key) {
        int id = header.int32("type of metadata key " + key);
        return GgufType.ofId(id).orElseThrow(() -> header.damaged(
                "metadata key %s has type %d, expected 0 to %d".formatted(Labels.quoted(key), id, GgufType.values().length - 1)));
    }

    private TypedValue value(GgufType type, String key, int depth) {
        return type == GgufType.ARRAY ? array(key, depth) : new TypedValue(type, null, scalar(type, key));
    }

    private Object scalar(GgufType type, String key) {
        return switch (type) {
            case UINT8 -> (short) Byte.toUnsignedInt(header.int8(key));
            case INT8 -> header.int8(key);
            case UINT16 -> Short.toUnsignedInt(header.int16(key));
            case INT16 -> header.int16(key);
            case UINT32 -> Integer.toUnsignedLong(header.int32(key));
            case INT32 -> header.int32(key);
            case UINT64, INT64 -> header.int64(key);
            case FLOAT32 -> header.float32(key);
            case FLOAT64 -> header.float64(key);
            case BOOL -> flag(header.int8(key), key);
            case STRING -> header.text(key);
            case ARRAY -> throw new IllegalArgumentException("an array is no scalar");
        };
    }

    private TypedValue array(String key, int depth) {
        if (depth == DEEPEST_ARRAY) {
            throw header.damaged("metadata key %s nests arrays deeper than %d".formatted(Labels.quoted(key), DEEPEST_ARRAY));
        }
        GgufType elementType = type(key);
        int count = header.count(elementType.smallestBytes(), "element count of " + Labels.quoted(key));
        Object elements = switch (elementType) {
            case STRING -> strings(count, key);
            case ARRAY -> arrays(count, key, depth + 1);
            default -> numbers(elementType, header.take(count * elementType.smallestBytes()), count, key);
        };
        return TypedValue.array(elementType, elements);
    }

    private String[] strings(int count, String key) {
        String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
            strings[i] = header.text(key);
        }
        return strings;
    }

    private TypedValue[] arrays(int count, String key, int depth) {
        TypedValue[] arrays = new TypedValue[count];
        for (int i = 0; i < count; i++) {
            arrays[i] = array(key, depth);
        }
        return arrays;
    }

    private Object numbers(GgufType type, ByteBuffer bytes, int count, String key) {
        return switch (type) {
            case UINT8 -> unsigned8(bytes, new short[count]);
            case INT8 -> {
                byte[] numbers = new byte[count];
                bytes.get(numbers);
                yield numbers;
            }
            case UINT16 -> unsigned16(bytes, new int[count]);
            case INT16 -> {
                short[] numbers = new short[count];
                bytes.asShortBuffer().get(numbers);
                yield numbers;
            }
            case UINT32 -> unsigned32(bytes, new long[count]);
            case INT32 -> {
                int[] numbers = new int[count];
                bytes.asIntBuffer().get(numbers);
                yield numbers;
            }
            case UINT64, INT64 -> {
                long[] numbers = new long[count];
                bytes.asLongBuffer().get(numbers);
                yield numbers;
            }
            case FLOAT32 -> {
                float[] numbers = new float[count];
                bytes.asFloatBuffer().get(numbers);
                yield numbers;
            }
            case FLOAT64 -> {
                double[] numbers = new double[count];
                bytes.asDoubleBuffer().get(numbers);
                yield numbers;
            }
            case BOOL -> flags(bytes, new boolean[count], key);
            case STRING, ARRAY -> throw new IllegalArgumentException(type + " is no number");
        };
    }

    private static short[] unsigned8(ByteBuffer bytes, short[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (short) Byte.toUnsignedInt(bytes.get());
        }
        return numbers;
    }

    private static int[] unsigned16(ByteBuffer bytes, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Short.toUnsignedInt(bytes.getShort());
        }
        return numbers;
    }

    private static long[] unsigned32(ByteBuffer bytes, long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.toUnsignedLong(bytes.getInt());
        }
        return numbers;
    }

    private boolean[] flags(ByteBuffer bytes, boolean[] flags, String key) {
        for (int i = 0; i < flags.length; i++) {
            flags[i] = flag(bytes.get(), key);
        }
        return flags;
    }

    private boolean flag(byte value, String key) {
        if (value != 0 && value != 1) {
            throw header.damaged("metadata key %s holds the truth value %d, expected 0 or 1".formatted(Labels.quoted(key), value));
        }
        return value == 1;
    }
}
