package dev.ondine.text.grammar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes numbers between two bounds in decimal, exactly, without exponents.
 *
 * <p>Digits are compared with those of a bound as long as they are the same; a bound of which they are is called tight.
 */
final class NumberWriter {

    private static final int MOST_DIGITS = 40;
    private static final int SHIFT = 2 * MOST_DIGITS;

    private final NetworkBuilder builder;
    private final int to;

    NumberWriter(NetworkBuilder builder, int to) {
        this.builder = builder;
        this.to = to;
    }

    void append(int from, Shape.Numbers numbers) {
        Shape.Numbers bounds = numbers.fractionDigits() == 0 ? integers(numbers) : numbers;
        BigDecimal low = bounds.low();
        BigDecimal high = bounds.high();
        if (low == null || low.signum() < 0) {
            boolean allNegative = high != null && high.signum() < 0;
            BigDecimal least = allNegative ? high.negate() : BigDecimal.ZERO;
            new Magnitudes(least, !allNegative || bounds.highOpen(), low == null ? null : low.negate(), bounds.lowOpen(),
                    numbers.fractionDigits()).append(builder.text(from, "-"));
        }
        if (high == null || high.signum() >= 0) {
            boolean allPositive = low != null && low.signum() >= 0;
            new Magnitudes(allPositive ? low : BigDecimal.ZERO, allPositive && bounds.lowOpen(), high, bounds.highOpen(),
                    numbers.fractionDigits()).append(from);
        }
    }

    /** The same integers with bounds that are among them. */
    private static Shape.Numbers integers(Shape.Numbers numbers) {
        BigDecimal low = numbers.low() == null ? null
                : numbers.lowOpen() ? numbers.low().setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE)
                : numbers.low().setScale(0, RoundingMode.CEILING);
        BigDecimal high = numbers.high() == null ? null
                : numbers.highOpen() ? numbers.high().setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)
                : numbers.high().setScale(0, RoundingMode.FLOOR);
        return new Shape.Numbers(low, false, high, false, 0);
    }

    /** Numbers from zero on. */
    private final class Magnitudes {

        private final Digits low;
        private final boolean lowOpen;
        /** Null for any height. */
        private final Digits high;
        private final boolean highOpen;
        private final int fractionDigits;
        private final Map<Place, Integer> states = new HashMap<>();

        /** How many digits come before the point, how many are written, and which bounds are tight. */
        private record Place(int whole, int written, boolean lowTight, boolean highTight) {

            boolean isLoose() {
                return !lowTight && !highTight;
            }

            /** The same for any number of digits before it: all loose places with as many digits to come are one. */
            Place shifted() {
                return new Place(SHIFT, SHIFT - whole + written, false, false);
            }
        }

        Magnitudes(BigDecimal low, boolean lowOpen, BigDecimal high, boolean highOpen, int fractionDigits) {
            this.low = new Digits(low);
            this.lowOpen = lowOpen;
            boolean reachable = high != null && high.precision() - high.scale() <= MOST_DIGITS;
            this.high = reachable ? new Digits(high) : null;
            this.highOpen = highOpen;
            int usual = Math.max(JsonRules.FRACTION_DIGITS, Math.max(this.low.fraction(), reachable ? this.high.fraction() : 0));
            this.fractionDigits = Math.min(fractionDigits, usual);
        }

        void append(int from) {
            int most = high == null ? Math.max(JsonRules.INTEGER_DIGITS, low.whole() + 1) : high.whole();
            for (int whole = low.whole(); whole <= most && whole <= MOST_DIGITS; whole++) {
                digits(from, new Place(whole, 0, whole == low.whole(), high != null && whole == high.whole()));
            }
        }

        private int state(Place reached) {
            Place place = reached.isLoose() ? reached.shifted() : reached;
            Integer known = states.get(place);
            if (known == null) {
                known = builder.state();
                states.put(place, known);
                go(known, place);
            }
            return known;
        }

        private void go(int state, Place place) {
            if (place.written < place.whole) {
                digits(state, place);
                return;
            }
            if (mayEnd(place)) {
                builder.skip(state, to);
            }
            if (place.written < place.whole + fractionDigits) {
                digits(place.written == place.whole ? builder.text(state, ".") : state, place);
            }
        }

        private void digits(int from, Place place) {
            int index = place.written - place.whole;
            int least = place.lowTight ? low.digit(index) : 0;
            int most = place.highTight ? high.digit(index) : 9;
            int first = place.written == 0 && place.whole > 1 ? Math.max(1, least) : least;
            for (int digit = first; digit <= most; digit++) {
                Place next = new Place(place.whole, place.written + 1, place.lowTight && digit == least, place.highTight && digit == most);
                builder.range(from, '0' + digit, '0' + digit, state(next));
            }
        }

        private boolean mayEnd(Place place) {
            int index = place.written - place.whole;
            boolean aboveLow = !place.lowTight || low.isZeroFrom(index) && !lowOpen;
            boolean belowHigh = !place.highTight || !high.isZeroFrom(index) || !highOpen;
            return aboveLow && belowHigh;
        }
    }

    /** The digits of a bound; index 0 is the first behind the point, -1 the last before it. */
    private static final class Digits {

        private final String digits;
        private final int whole;

        Digits(BigDecimal value) {
            String plain = value.toPlainString();
            int point = plain.indexOf('.');
            whole = point < 0 ? plain.length() : point;
            digits = plain.replace(".", "");
        }

        int whole() {
            return whole;
        }

        int fraction() {
            return digits.length() - whole;
        }

        int digit(int index) {
            int at = whole + index;
            return at < digits.length() ? digits.charAt(at) - '0' : 0;
        }

        boolean isZeroFrom(int index) {
            for (int at = whole + index; at < digits.length(); at++) {
                if (digits.charAt(at) != '0') {
                    return false;
                }
            }
            return true;
        }
    }
}
