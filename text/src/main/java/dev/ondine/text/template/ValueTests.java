package dev.ondine.text.template;

import java.util.List;
import java.util.Map;

/** The tests behind {@code is}. */
final class ValueTests {

    private ValueTests() {
    }

    static boolean test(Run run, String name, Object value, Arguments arguments) {
        Comparison comparison = comparison(name);
        if (comparison != null) {
            return Operators.compare(run, comparison, value, arguments.bind(run, name, 1, "other")[0]);
        }
        switch (name) {
            case "divisibleby" -> {
                return isRemainder(run, value, arguments.bind(run, name, 1, "num")[0], 0);
            }
            case "sameas" -> {
                return isSame(value, arguments.bind(run, name, 1, "other")[0]);
            }
            default -> {
                boolean result = test(run, name, value);
                arguments.bind(run, name, 0);
                return result;
            }
        }
    }

    private static boolean test(Run run, String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "sequence" -> value instanceof String || value instanceof Map || value instanceof Undefined || Values.sequence(value) != null;
            case "iterable" -> isIterable(value);
            case "callable" -> value instanceof Callable;
            case "odd" -> isRemainder(run, value, 2L, 1);
            case "even" -> isRemainder(run, value, 2L, 0);
            case "lower", "upper" -> isAllOfCase(run, PythonText.str(run, value), name.equals("upper"));
            case "escaped" -> false;
            default -> throw run.error("found the test '" + name + "', expected one that Jinja has");
        };
    }

    private static Comparison comparison(String name) {
        return switch (name) {
            case "eq", "equalto", "==" -> Comparison.EQUAL;
            case "ne", "!=" -> Comparison.UNEQUAL;
            case "lt", "lessthan", "<" -> Comparison.LESS;
            case "le", "<=" -> Comparison.AT_MOST;
            case "gt", "greaterthan", ">" -> Comparison.GREATER;
            case "ge", ">=" -> Comparison.AT_LEAST;
            case "in" -> Comparison.IN;
            default -> null;
        };
    }

    private static boolean isAllOfCase(Run run, String text, boolean upper) {
        run.charge(text.length());
        return Strings.isAllOfCase(text, upper);
    }

    private static boolean isIterable(Object value) {
        return value instanceof String || value instanceof List || value instanceof Map || value instanceof Tuple || value instanceof Range
                || value instanceof DictView || value instanceof Generator || value instanceof Undefined;
    }

    private static boolean isRemainder(Run run, Object value, Object divisor, long expected) {
        return Values.areEqual(run, Operators.apply(run, Operator.MODULO, value, divisor), expected);
    }

    private static boolean isSame(Object value, Object other) {
        return value == other || Values.isNumber(value) && value.equals(other);
    }
}
