package dev.ondine.text.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Python does with values: truth, equality, order, iteration. The values are null (None), Boolean, Long, Double,
 * String, List, {@link Tuple}, Map, and the package's own types.
 */
final class Values {

    private Values() {
    }

    /** Python's name of a value's type. */
    static String typeName(Object value) {
        if (value == null) {
            return "NoneType";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Long) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof String) {
            return "str";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Map) {
            return "dict";
        }
        return typeNameOfOwn(value);
    }

    private static String typeNameOfOwn(Object value) {
        if (value instanceof Tuple) {
            return "tuple";
        } else if (value instanceof Range) {
            return "range";
        } else if (value instanceof DictView view) {
            return "dict_" + view.kind().name().toLowerCase(Locale.ROOT);
        } else if (value instanceof Generator) {
            return "generator";
        }
        return value instanceof Callable && !(value instanceof Loop) ? "function" : value.getClass().getSimpleName();
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        } else if (value instanceof Long number) {
            return number != 0;
        } else if (value instanceof Double number) {
            return number != 0;
        }
        return value instanceof String text ? !text.isEmpty() : value != null && length(value) != 0;
    }

    /** How many elements a value has, -1 where the question makes no sense. */
    static int length(Object value) {
        if (value instanceof String text) {
            return Strings.length(text);
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> dict) {
            return dict.size();
        } else if (value instanceof Tuple tuple) {
            return tuple.items().size();
        } else if (value instanceof Range range) {
            return range.count();
        } else if (value instanceof DictView view) {
            return view.dict().size();
        } else if (value instanceof Loop loop) {
            return loop.length();
        }
        return value instanceof Undefined ? 0 : -1;
    }

    /** The elements of a list, tuple or range as they lie in memory, or null for any other value. */
    static List<Object> sequence(Object value) {
        if (value instanceof Tuple tuple) {
            return tuple.items();
        } else if (value instanceof Range range) {
            return range.items();
        }
        return value instanceof List<?> ? list(value) : null;
    }

    /** All elements of a value that can be iterated; not to be written to. */
    static List<Object> elements(Run run, Object value) {
        List<Object> sequence = sequence(value);
        if (sequence != null) {
            return sequence;
        } else if (value instanceof String text) {
            run.chargeElements(text.length());
            return Strings.characters(text);
        } else if (value instanceof Map<?, ?> dict) {
            run.chargeElements(dict.size());
            return new ArrayList<>(dict.keySet());
        } else if (value instanceof DictView view) {
            return view.items(run);
        } else if (value instanceof Generator generator) {
            return generator.drain();
        } else if (value instanceof Undefined) {
            return List.of();
        }
        throw run.error("found " + typeName(value) + ", expected something that can be iterated");
    }

    /** Iterates as Python does: a list that grows meanwhile is followed to its new end. */
    static Iterator<Object> iterator(Run run, Object value) {
        List<Object> elements = elements(run, value);
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < elements.size();
            }

            @Override
            public Object next() {
                return elements.get(next++);
            }
        };
    }

    static boolean areEqual(Run run, Object left, Object right) {
        if (left == right) {
            return !(left instanceof Double number) || !number.isNaN();
        } else if (isNumber(left) && isNumber(right)) {
            return !isNan(left) && !isNan(right) && orderOfNumbers(left, right) == 0;
        } else if (left instanceof String text && right instanceof String other) {
            run.charge(text.length());
            return text.equals(other);
        } else if (left instanceof Map<?, ?> dict && right instanceof Map<?, ?> other) {
            return areEqual(run, dict(dict), dict(other));
        } else if (left instanceof Undefined) {
            return right instanceof Undefined;
        }
        boolean sameKind = left instanceof List && right instanceof List || left instanceof Tuple && right instanceof Tuple
                || left instanceof Range && right instanceof Range;
        return sameKind && areEqual(run, sequence(left), sequence(right));
    }

    private static boolean areEqual(Run run, List<Object> left, List<Object> right) {
        run.sink();
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            run.step();
            equal = areEqual(run, left.get(i), right.get(i));
        }
        run.rise();
        return equal;
    }

    private static boolean areEqual(Run run, Map<Object, Object> left, Map<Object, Object> right) {
        run.sink();
        boolean equal = left.size() == right.size();
        Iterator<Map.Entry<Object, Object>> entries = left.entrySet().iterator();
        while (equal && entries.hasNext()) {
            run.step();
            Map.Entry<Object, Object> entry = entries.next();
            Object other = right.getOrDefault(entry.getKey(), Scope.ABSENT);
            equal = other != Scope.ABSENT && areEqual(run, entry.getValue(), other);
        }
        run.rise();
        return equal;
    }

    /** Negative, zero or positive as left comes before, with or behind right; NaN comes last. */
    static int order(Run run, Object left, Object right) {
        run.step();
        if (isNumber(left) && isNumber(right)) {
            return orderOfNumbers(left, right);
        } else if (left instanceof String text && right instanceof String other) {
            run.charge(Math.min(text.length(), other.length()));
            return Strings.order(text, other);
        } else if (left instanceof List && right instanceof List || left instanceof Tuple && right instanceof Tuple) {
            return order(run, sequence(left), sequence(right));
        }
        throw run.error(left instanceof Undefined undefined ? undefined.problem()
                : right instanceof Undefined other ? other.problem()
                : "found an order asked of " + typeName(left) + " and " + typeName(right) + ", expected two of a kind");
    }

    private static int order(Run run, List<Object> left, List<Object> right) {
        run.sink();
        int order = 0;
        for (int i = 0; order == 0 && i < Math.min(left.size(), right.size()); i++) {
            if (!areEqual(run, left.get(i), right.get(i))) {
                order = order(run, left.get(i), right.get(i));
            }
        }
        run.rise();
        return order != 0 ? order : Integer.compare(left.size(), right.size());
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean isNan(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    /** Exact also where a long meets a double, so that sorting never contradicts itself. */
    private static int orderOfNumbers(Object left, Object right) {
        if (!(left instanceof Double) && !(right instanceof Double)) {
            return Long.compare(whole(left), whole(right));
        }
        double first = real(left);
        double second = real(right);
        if (left instanceof Double && right instanceof Double || !Double.isFinite(first) || !Double.isFinite(second)) {
            return first == second ? 0 : Double.compare(first, second);
        }
        return exact(left).compareTo(exact(right));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double real ? new BigDecimal(real) : BigDecimal.valueOf(whole(number));
    }

    static double real(Object number) {
        return number instanceof Double real ? real : whole(number);
    }

    /** A Long, or a Boolean as 0 or 1. */
    static long whole(Object number) {
        return number instanceof Boolean flag ? (flag ? 1 : 0) : (Long) number;
    }

    static boolean contains(Run run, Object container, Object value) {
        if (container instanceof String text) {
            return Strings.indexOf(run, text, string(run, value, "the left side of 'in'"), 0) >= 0;
        } else if (container instanceof Map<?, ?> dict) {
            return isKey(value) && dict.containsKey(key(run, value));
        } else if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
            return contains(run, view.dict(), value);
        }
        for (Object element : elements(run, container)) {
            run.step();
            if (element == value || areEqual(run, element, value)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value may be the key of a dict. Tuples may not, unlike in Python: their hashes are too easy to make collide. */
    static boolean isKey(Object value) {
        return value == null || value instanceof String || isNumber(value);
    }

    /** The value itself, if it may be the key of a dict. */
    static Object key(Run run, Object value) {
        if (!isKey(value)) {
            throw run.error(value instanceof Undefined undefined ? undefined.problem()
                    : "found " + typeName(value) + " as a key, expected a str, a number, a boolean or none");
        }
        run.charge(value instanceof String text ? text.length() : 1);
        return value;
    }

    static String string(Run run, Object value, String what) {
        if (value instanceof String text) {
            return text;
        }
        throw run.error(value instanceof Undefined undefined ? undefined.problem()
                : "found " + typeName(value) + " as " + what + ", expected str");
    }

    static long integer(Run run, Object value, String what) {
        if (value instanceof Long || value instanceof Boolean) {
            return whole(value);
        }
        throw run.error(value instanceof Undefined undefined ? undefined.problem()
                : "found " + typeName(value) + " as " + what + ", expected int");
    }

    @SuppressWarnings("unchecked") // all lists inside the interpreter hold plain values
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    @SuppressWarnings("unchecked") // all maps inside the interpreter hold plain values
    static Map<Object, Object> dict(Object value) {
        return (Map<Object, Object>) value;
    }
}
