package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic and comparison operators. Integers have 64 bits; larger results are refused. */
final class Operators {

    private Operators() {
    }

    static Object apply(Run run, Operator operator, Object left, Object right) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return onNumbers(run, operator, left, right);
        } else if (operator == Operator.ADD && left instanceof String text && right instanceof String more) {
            run.charge((long) text.length() + more.length());
            return text.concat(more);
        } else if (operator == Operator.MODULO && left instanceof String format) {
            return PrintFormat.format(run, format, right);
        } else if (operator == Operator.ADD && areOneKind(left, right)) {
            return joined(run, left, Values.sequence(left), Values.sequence(right));
        } else if (operator == Operator.MULTIPLY && isWhole(right)) {
            return repeated(run, left, Values.whole(right), right);
        } else if (operator == Operator.MULTIPLY && isWhole(left)) {
            return repeated(run, right, Values.whole(left), left);
        }
        throw mismatch(run, operator.symbol, left, right);
    }

    private static TemplateException mismatch(Run run, String symbol, Object left, Object right) {
        return run.error(left instanceof Undefined undefined ? undefined.problem()
                : right instanceof Undefined other ? other.problem()
                : "found " + Values.typeName(left) + " " + symbol + " " + Values.typeName(right)
                        + ", expected operands that go together");
    }

    private static boolean areOneKind(Object left, Object right) {
        return left instanceof List && right instanceof List || left instanceof Tuple && right instanceof Tuple;
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    private static Object joined(Run run, Object kind, List<Object> left, List<Object> right) {
        run.chargeElements((long) left.size() + right.size());
        List<Object> items = new ArrayList<>(left.size() + right.size());
        items.addAll(left);
        items.addAll(right);
        return kind instanceof Tuple ? new Tuple(items, false) : items;
    }

    private static Object repeated(Run run, Object value, long times, Object factor) {
        if (value instanceof String text) {
            return Strings.repeat(run, text, times);
        }
        if (!(value instanceof List || value instanceof Tuple)) {
            throw mismatch(run, Operator.MULTIPLY.symbol, value, factor);
        }
        List<Object> source = Values.sequence(value);
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < times && !source.isEmpty(); i++) {
            run.chargeElements(source.size());
            items.addAll(source);
        }
        return value instanceof Tuple ? new Tuple(items, false) : items;
    }

    private static Object onNumbers(Run run, Operator operator, Object left, Object right) {
        boolean real = left instanceof Double || right instanceof Double;
        if (real || operator == Operator.DIVIDE) {
            return onReals(run, operator, Values.real(left), Values.real(right));
        }
        try {
            return onIntegers(run, operator, Values.whole(left), Values.whole(right));
        } catch (ArithmeticException overflow) {
            throw run.error("found a result of '" + operator.symbol + "' above 64 bits, expected a smaller integer");
        }
    }

    private static Object onIntegers(Run run, Operator operator, long left, long right) {
        return switch (operator) {
            case ADD -> Math.addExact(left, right);
            case SUBTRACT -> Math.subtractExact(left, right);
            case MULTIPLY -> Math.multiplyExact(left, right);
            case FLOOR_DIVIDE -> Math.floorDivExact(left, notZero(run, right));
            case MODULO -> Math.floorMod(left, notZero(run, right));
            default -> right < 0 ? onReals(run, Operator.POWER, left, right) : (Object) power(left, right);
        };
    }

    private static long notZero(Run run, long divisor) {
        if (divisor == 0) {
            throw run.error("found a division by zero, expected another divisor");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1 || base == -1) {
            return exponent == 0 || base == 1 || base == -1 && exponent % 2 == 0 ? 1 : base;
        }
        long power = 1;
        for (long i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static Object onReals(Run run, Operator operator, double left, double right) {
        boolean divides = operator == Operator.DIVIDE || operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO;
        if (right == 0 && divides || left == 0 && right < 0 && operator == Operator.POWER) {
            throw run.error("found a division by zero, expected another divisor");
        }
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case FLOOR_DIVIDE -> Math.rint((left - remainder(left, right)) / right);
            case MODULO -> remainder(left, right);
            case POWER -> realPower(run, left, right);
        };
    }

    /** Has the sign of the divisor, as in Python. */
    private static double remainder(double left, double right) {
        double remainder = left % right;
        return remainder != 0 && remainder < 0 != right < 0 ? remainder + right : remainder;
    }

    private static double realPower(Run run, double base, double exponent) {
        double power = Math.pow(base, exponent);
        if (!Double.isFinite(power) && Double.isFinite(base) && Double.isFinite(exponent)) {
            throw run.error("found a result of '**' that is no finite real number, expected one");
        }
        return power;
    }

    static Object signed(Run run, boolean negative, Object value) {
        if (value instanceof Double number) {
            return negative ? -number : number;
        }
        long number = Values.integer(run, value, "an operand of a sign");
        return onNumbers(run, Operator.MULTIPLY, number, negative ? -1L : 1L);
    }

    static boolean compare(Run run, Comparison comparison, Object left, Object right) {
        return switch (comparison) {
            case EQUAL -> Values.areEqual(run, left, right);
            case UNEQUAL -> !Values.areEqual(run, left, right);
            case IN -> Values.contains(run, right, left);
            case NOT_IN -> !Values.contains(run, right, left);
            default -> isOrdered(run, comparison, left, right);
        };
    }

    private static boolean isOrdered(Run run, Comparison comparison, Object left, Object right) {
        int order = Values.order(run, left, right);
        if (Values.isNan(left) || Values.isNan(right)) {
            return false;
        }
        return switch (comparison) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
        };
    }
}
