package dev.ondine.text.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** The filters that make and round numbers. */
final class NumberFilters {

    private static final int LONGEST_NUMBER = 400;

    private NumberFilters() {
    }

    static Object integer(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "int", 0, "default", "base");
        long base = Values.integer(run, Arguments.or(bound[1], 10L), "the base of int");
        Object fallback = Arguments.or(bound[0], 0L);
        if (value instanceof Long || value instanceof Boolean) {
            return Values.whole(value);
        }
        accept(run, value);
        Object parsed = value instanceof String text ? parseInteger(text, base) : null;
        if (parsed != null) {
            return parsed;
        }
        Object number = value instanceof String text ? parseReal(text) : value;
        return number instanceof Double real && Math.abs(real) < 0x1p63 ? (Object) real.longValue() : fallback;
    }

    static Object real(Run run, Object value, Arguments arguments) {
        Object fallback = Arguments.or(arguments.bind(run, "float", 0, "default")[0], 0.0);
        accept(run, value);
        Object number = value instanceof String text ? parseReal(text) : Values.isNumber(value) ? Values.real(value) : null;
        return number == null ? fallback : number;
    }

    private static void accept(Run run, Object value) {
        if (value instanceof Undefined undefined) {
            throw run.error(undefined.problem());
        }
        run.charge(value instanceof String text ? text.length() : 0);
    }

    /** A Long as Python's {@code int(text, base)} reads it, or null. */
    static Object parseInteger(String text, long base) {
        String digits = Strings.strip(text);
        boolean negative = digits.startsWith("-");
        String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        if (!prefix.isEmpty() && unsigned.regionMatches(true, 0, prefix, 0, 2)) {
            unsigned = unsigned.substring(2);
        }
        if (base < 2 || base > 36 || unsigned.isEmpty() || unsigned.length() > LONGEST_NUMBER || !areDigits(unsigned, (int) base)) {
            return null;
        }
        try {
            return Long.valueOf((negative ? "-" : "") + unsigned.replace("_", ""), (int) base);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    private static boolean areDigits(String text, int base) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean separator = character == '_' && i > 0 && i + 1 < text.length() && text.charAt(i - 1) != '_';
            if (!separator && (character > 127 || Character.digit(character, base) < 0)) {
                return false;
            }
        }
        return true;
    }

    /** A Double as Python's {@code float(text)} reads it, or null. */
    static Object parseReal(String text) {
        String number = Strings.strip(text);
        if (number.length() > LONGEST_NUMBER) {
            return null;
        }
        String lower = number.toLowerCase(Locale.ROOT);
        String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
        if (unsigned.equals("inf") || unsigned.equals("infinity")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        } else if (unsigned.equals("nan")) {
            return Double.NaN;
        }
        for (int i = 0; i < lower.length(); i++) {
            if ("0123456789.e+-".indexOf(lower.charAt(i)) < 0) {
                return null;
            }
        }
        try {
            return Double.valueOf(lower);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    static Object absolute(Run run, Object value) {
        boolean negative = Values.isNumber(value) && Values.real(value) < 0;
        return Operators.signed(run, negative, value);
    }

    static Object round(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "round", 0, "precision", "method");
        long precision = Values.integer(run, Arguments.or(bound[0], 0L), "the precision of round");
        String method = Values.string(run, Arguments.or(bound[1], "common"), "the method of round");
        if (!Values.isNumber(value)) {
            throw run.error(value instanceof Undefined undefined ? undefined.problem()
                    : "found " + Values.typeName(value) + " to round, expected a number");
        }
        int digits = Math.clamp(precision, -LONGEST_NUMBER, LONGEST_NUMBER);
        return switch (method) {
            case "common" -> rounded(run, value, digits);
            case "ceil" -> scaled(run, Math.ceil(Values.real(value) * Math.pow(10, digits)), digits);
            case "floor" -> scaled(run, Math.floor(Values.real(value) * Math.pow(10, digits)), digits);
            default -> throw run.error("found " + PythonText.quoted(method) + " as the method of round, expected common, ceil or floor");
        };
    }

    private static Object scaled(Run run, double number, int digits) {
        if (!Double.isFinite(number)) {
            throw run.error("found a number too large to round, expected a smaller one");
        }
        return number / Math.pow(10, digits);
    }

    private static Object rounded(Run run, Object value, int digits) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue() : number;
        }
        BigDecimal whole = BigDecimal.valueOf(Values.whole(value)).setScale(Math.min(digits, 0), RoundingMode.HALF_EVEN);
        if (whole.precision() - whole.scale() > 18) {
            throw run.error("found a number too large to round, expected a smaller one");
        }
        return whole.longValue();
    }
}
