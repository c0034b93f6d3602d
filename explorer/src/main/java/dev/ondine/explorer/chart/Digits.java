package dev.ondine.explorer.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as people read them. */
final class Digits {

    private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_UP);
    private static final MathContext FIVE = new MathContext(5, RoundingMode.HALF_UP);
    private static final double THOUSAND = 1000;

    private Digits() {
    }

    /** Three digits, five from a thousand on, and no exponent: 0.0123, 21.9, 2023.8. */
    static String brief(double value) {
        BigDecimal rounded = new BigDecimal(value).round(Math.abs(value) < THOUSAND ? THREE : FIVE);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** All digits, such that reading them gives the same number; whole numbers without a point. */
    static String exact(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
