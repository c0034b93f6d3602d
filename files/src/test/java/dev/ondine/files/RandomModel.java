package dev.ondine.files;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Metadata of every type and tensors of many formats, the same for the same seed. */
record RandomModel(Metadata metadata, List<TensorSource> tensors) {

    private static final NumberFormat[] FORMATS = Arrays.stream(NumberFormat.values())
            .filter(NumberFormat::isDecodable).toArray(NumberFormat[]::new);

    static RandomModel of(long seed) {
        Random random = new Random(seed);
        return new RandomModel(metadata(random), tensors(random));
    }

    private static Metadata metadata(Random random) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(GgufHeader.ALIGNMENT_KEY, TypedValue.unsigned(1 << random.nextInt(9)));
        for (GgufType type : GgufType.values()) {
            values.put("one." + type, type == GgufType.ARRAY ? nested(random) : new TypedValue(type, null, scalar(type, random)));
            values.put("many." + type, type == GgufType.ARRAY ? nested(random) : array(type, random));
        }
        return Metadata.of("random.gguf", values);
    }

    private static Object scalar(GgufType type, Random random) {
        return switch (type) {
            case UINT8 -> (short) random.nextInt(256);
            case INT8 -> (byte) random.nextInt();
            case UINT16 -> random.nextInt(65_536);
            case INT16 -> (short) random.nextInt();
            case UINT32 -> random.nextLong(1L << 32);
            case INT32 -> random.nextInt();
            case UINT64, INT64 -> random.nextLong();
            case FLOAT32 -> random.nextFloat();
            case FLOAT64 -> random.nextDouble();
            case BOOL -> random.nextBoolean();
            case STRING -> "größer 𝄞 ".repeat(random.nextInt(40)) + random.nextInt();
            case ARRAY -> throw new IllegalArgumentException();
        };
    }

    private static TypedValue array(GgufType type, Random random) {
        int count = random.nextInt(5);
        Object elements = Array.newInstance(type.javaArrayType().componentType(), count);
        for (int i = 0; i < count; i++) {
            Array.set(elements, i, scalar(type, random));
        }
        return TypedValue.array(type, elements);
    }

    private static TypedValue nested(Random random) {
        TypedValue inner = TypedValue.array(GgufType.ARRAY, new TypedValue[] {array(GgufType.UINT16, random)});
        return TypedValue.array(GgufType.ARRAY, new TypedValue[] {array(GgufType.STRING, random), inner, array(GgufType.BOOL, random)});
    }

    private static List<TensorSource> tensors(Random random) {
        List<TensorSource> tensors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            NumberFormat format = FORMATS[random.nextInt(FORMATS.length)];
            long columns = (1 + random.nextInt(3)) * (long) format.blockElements();
            Shape shape = switch (i % 4) {
                case 0 -> Shape.of(columns);
                case 1 -> Shape.of(1 + random.nextInt(4), columns);
                case 2 -> Shape.of(2, 1 + random.nextInt(3), columns);
                default -> Shape.of(1, 2, 1 + random.nextInt(3), columns);
            };
            byte[] data = new byte[Math.toIntExact(format.bytes(shape.elements()))];
            random.nextBytes(data);
            tensors.add(new TensorSource("tensor." + i, format, shape, () -> MemorySegment.ofArray(data)));
        }
        return tensors;
    }
}
