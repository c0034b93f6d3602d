package dev.ondine.roofline.solve;

import dev.ondine.roofline.device.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers with units as people write them: {@code 76.8 GB/s}. */
final class Words {

    private static final MathContext DIGITS = new MathContext(4);
    private static final MathContext BITS = new MathContext(3);
    private static final MathContext ROUGH = new MathContext(2);

    private Words() {
    }

    static String of(Unit unit, double value) {
        return switch (unit) {
            case BYTES -> scaled(value, "B", 1e12, "TB", 1e9, "GB", 1e6, "MB", 1e3, "kB");
            case BYTES_PER_SECOND -> scaled(value, "B/s", 1e12, "TB/s", 1e9, "GB/s", 1e6, "MB/s");
            case OPERATIONS_PER_SECOND -> scaled(value, "OP/s", 1e12, "TOPS", 1e9, "GOPS");
            case SECONDS -> scaled(value, "s", 1.0, "s", 1e-3, "ms", 1e-6, "us");
            case JOULES -> scaled(value, "J", 0.1, "J", 1e-3, "mJ");
            case NUMBER -> value == Math.rint(value) ? String.format(Locale.ROOT, "%,d", (long) value) : number(value);
            default -> (number(value) + " " + unit.base()).strip();
        };
    }

    private static String scaled(double value, String base, Object... scales) {
        for (int i = 0; i < scales.length; i += 2) {
            double scale = (Double) scales[i];
            if (Math.abs(value) >= scale) {
                return number(value / (scale == 0.1 ? 1 : scale)) + " " + scales[i + 1];
            }
        }
        return number(value) + " " + base;
    }

    /** Four digits that count. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "unknown" : "without limit";
        }
        return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Three digits that count: vectors in 32 bits add a thousandth to the bits of a format. */
    static String bits(double value) {
        return new BigDecimal(value).round(BITS).stripTrailingZeros().toPlainString();
    }

    /** Two digits that count: {@code 1.8}. */
    static String rough(double value) {
        return new BigDecimal(value).round(ROUGH).stripTrailingZeros().toPlainString();
    }
}
