package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Curve;
import dev.ondine.roofline.device.KernelTimes;
import dev.ondine.roofline.device.KernelTimes.AttentionTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The lines of a calibrated device that tell what Ondine's kernels take: {@code kernel …: x=y x=y}, all in base units. */
final class KernelTimesCard {

    static final String PREFIX = "kernel ";
    private static final String THREADS = PREFIX + "threads";
    private static final String MEMORY = PREFIX + "memory ";
    private static final String READING = PREFIX + "reading";
    private static final String RENDEZVOUS = PREFIX + "rendezvous";
    private static final String PRODUCTS = PREFIX + "products ";
    private static final String PRODUCT_SET = PREFIX + "product set";
    private static final String ATTENTION = PREFIX + "attention ";
    private static final String OPERATION = PREFIX + "operation";
    private static final String STEP = PREFIX + "step";

    private KernelTimesCard() {
    }

    /** Empty for a device that was never calibrated. */
    static Optional<KernelTimes> read(Card card) {
        if (card.field(THREADS).isEmpty()) {
            return Optional.empty();
        }
        Map<Integer, Curve> memory = new TreeMap<>();
        Map<String, Curve> products = new TreeMap<>();
        Map<String, AttentionTimes> attention = new TreeMap<>();
        for (Field field : card.fields().values()) {
            if (field.key().startsWith(PRODUCTS)) {
                products.put(format(field, PRODUCTS), curve(field));
            } else if (field.key().startsWith(MEMORY)) {
                memory.put((int) number(field, format(field, MEMORY)), curve(field));
            } else if (field.key().startsWith(ATTENTION)) {
                attention.put(format(field, ATTENTION), attention(field));
            }
        }
        return Optional.of(new KernelTimes((int) number(card.required(THREADS)), memory, curve(card.required(READING)), products,
                number(card.required(PRODUCT_SET)), attention, number(card.required(RENDEZVOUS)), number(card.required(OPERATION)), number(card.required(STEP))));
    }

    /** What {@link #read} reads. */
    static List<String> lines(KernelTimes times) {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %d".formatted(THREADS, times.threads()));
        lines.add("# Bytes per second of plain reads by so many threads, by the bytes that are read again and again.");
        new TreeMap<>(times.memory()).forEach((threads, curve) -> lines.add("%s%d: %s".formatted(MEMORY, threads, text(curve))));
        lines.add("# Seconds per byte of weights with one token, by the bytes that a step reads.");
        lines.add("%s: %s".formatted(READING, text(times.reading())));
        lines.add("# Seconds per weight, by the tokens that share it.");
        new TreeMap<>(times.products()).forEach((format, curve) -> lines.add("%s%s: %s".formatted(PRODUCTS, lower(format), text(curve))));
        lines.add("%s: %s".formatted(PRODUCT_SET, times.productSetBytes()));
        lines.add("# Seconds per byte of the cache, seconds per multiply-accumulate, bytes of the measured step.");
        new TreeMap<>(times.attention()).forEach((format, each) -> lines.add("%s%s: %s %s %s".formatted(ATTENTION, lower(format),
                each.secondsPerByte(), each.secondsPerMultiplyAccumulate(), each.setBytes())));
        lines.add("%s: %s".formatted(RENDEZVOUS, times.rendezvousSeconds()));
        lines.add("%s: %s".formatted(OPERATION, times.operationSeconds()));
        lines.add("%s: %s".formatted(STEP, times.stepSeconds()));
        return lines;
    }

    private static String lower(String format) {
        return format.toLowerCase(Locale.ROOT);
    }

    private static String format(Field field, String prefix) {
        return field.key().substring(prefix.length()).toUpperCase(Locale.ROOT);
    }

    private static String text(Curve curve) {
        StringJoiner text = new StringJoiner(" ");
        for (int i = 0; i < curve.x().length; i++) {
            text.add("%d=%s".formatted((long) curve.x()[i], curve.y()[i]));
        }
        return text.toString();
    }

    private static Curve curve(Field field) {
        String[] points = field.text().split(" +");
        double[] x = new double[points.length];
        double[] y = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            String[] point = points[i].split("=", 2);
            if (point.length < 2) {
                throw field.wrong("%s: \"%s\", expected x=y".formatted(field.key(), points[i]));
            }
            x[i] = number(field, point[0]);
            y[i] = number(field, point[1]);
        }
        try {
            return new Curve(x, y);
        } catch (IllegalArgumentException e) {
            throw field.wrong(field.key() + ": " + e.getMessage());
        }
    }

    private static AttentionTimes attention(Field field) {
        String[] numbers = field.text().split(" +");
        if (numbers.length != 3) {
            throw field.wrong("%s has %d numbers, expected 3".formatted(field.key(), numbers.length));
        }
        return new AttentionTimes(number(field, numbers[0]), number(field, numbers[1]), number(field, numbers[2]));
    }

    private static double number(Field field) {
        return number(field, field.text());
    }

    private static double number(Field field, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value < Double.POSITIVE_INFINITY) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw field.wrong("%s: \"%s\", expected a number, 0 or more".formatted(field.key(), text));
    }
}
