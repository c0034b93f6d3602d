package dev.ondine.roofline.shape;

import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a weight or a cached number is stored, as far as cost goes.
 *
 * @param name          a {@link NumberFormat}, or {@code INT8}, {@code INT4}, {@code FP8} …
 * @param bitsPerWeight scales and minima of groups included
 * @param computeBits   width of the numbers that are multiplied: weights of 8 bits and fewer are multiplied as bytes
 */
public record StoredFormat(String name, double bitsPerWeight, int computeBits) {

    /** What the cache and recurrent state are kept in if nobody says otherwise. */
    public static final StoredFormat F16 = of(NumberFormat.F16);

    /** Numbers alone, without scales: what charts and makers speak of. */
    private static final List<StoredFormat> PURE = List.of(new StoredFormat("FP32", 32, 32), new StoredFormat("FP16", 16, 16), new StoredFormat("FP8", 8, 8),
            new StoredFormat("FP4", 4, 8), new StoredFormat("INT8", 8, 8), new StoredFormat("INT6", 6, 8), new StoredFormat("INT5", 5, 8),
            new StoredFormat("INT4", 4, 8), new StoredFormat("INT3", 3, 8), new StoredFormat("INT2", 2, 8));

    public StoredFormat {
        if (!(bitsPerWeight > 0 && bitsPerWeight <= 64)) {
            throw new IllegalArgumentException("%s takes %s bits a weight, expected more than 0 and at most 64".formatted(name, bitsPerWeight));
        }
    }

    public static StoredFormat of(NumberFormat format) {
        int compute = switch (format) {
            case F64, I64 -> 64;
            case F32, I32 -> 32;
            case F16, BF16, I16 -> 16;
            default -> 8;
        };
        return new StoredFormat(format.name(), 8.0 * format.blockBytes() / format.blockElements(), compute);
    }

    /** So many bits a weight, all included. */
    public static StoredFormat ofBits(double bits) {
        return new StoredFormat("%s bits".formatted(bits == Math.rint(bits) ? Long.toString((long) bits) : Double.toString(bits)), bits,
                bits > 16 ? 32 : bits > 8 ? 16 : 8);
    }

    /**
     * Groups of weights with a scale, and perhaps a zero point, each: b + (s + z) / g bits a weight.
     *
     * @see <a href="https://arxiv.org/abs/2210.17323">GPTQ</a>, whose groups have this cost
     */
    public static StoredFormat grouped(String name, double bits, double scaleBits, double zeroBits, int group) {
        return new StoredFormat(name, bits + (scaleBits + zeroBits) / group, 8);
    }

    /** @throws IllegalArgumentException naming all formats if there is none of this name */
    public static StoredFormat named(String name) {
        return Stream.concat(PURE.stream(), Stream.of(NumberFormat.values()).map(StoredFormat::of))
                .filter(format -> format.name.equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no format \"%s\", expected one of %s"
                        .formatted(name, String.join(", ", names()))));
    }

    /** All names that {@link #named} knows. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(PURE.stream().map(StoredFormat::name).toList());
        Stream.of(NumberFormat.values()).map(Enum::name).forEach(names::add);
        return names;
    }

    public double bytes(double elements) {
        return elements * bitsPerWeight / 8;
    }
}
