package dev.ondine.text.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of a schema in a form in which equal ones are equal: numbers are {@link BigDecimal} without trailing zeros. */
final class JsonValue {

    private static final int MOST_NUMBER_BITS = 2_000;
    private static final int MOST_SCALE = 400;
    private static final int LONGEST_PLAIN_NUMBER = 30;

    private JsonValue() {
    }

    static Object of(SchemaPlace place) {
        return switch (place.value()) {
            case Map<?, ?> _ -> {
                Map<String, Object> map = new LinkedHashMap<>();
                place.keys().forEach(key -> map.put(key, of(place.child(key))));
                yield map;
            }
            case List<?> _ -> {
                List<Object> list = new ArrayList<>();
                place.elements().forEach(element -> list.add(of(element)));
                yield list;
            }
            case Number number -> number(place, number);
            case null, default -> place.value();
        };
    }

    private static BigDecimal number(SchemaPlace place, Number number) {
        BigDecimal value = switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            case Double real when !Double.isFinite(real) -> throw place.expected("a finite number");
            case Float real when !Float.isFinite(real) -> throw place.expected("a finite number");
            default -> new BigDecimal(number.toString());
        };
        if (value.unscaledValue().bitLength() > MOST_NUMBER_BITS || Math.abs((long) value.scale()) > MOST_SCALE) {
            throw place.refusal("found a number with too many digits, expected at most " + MOST_SCALE);
        }
        return value.stripTrailingZeros();
    }

    /** A number as JSON writes it. */
    static String text(BigDecimal number) {
        String plain = number.toPlainString();
        return plain.length() <= LONGEST_PLAIN_NUMBER ? plain : number.toString();
    }
}
