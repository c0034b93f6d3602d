package dev.ondine.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies of the caller's values in the types of the interpreter, so that a template changes nothing outside. */
final class Inputs {

    private Inputs() {
    }

    static Object copy(Run run, Object value) {
        run.sink();
        Object copy = value;
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                dict.put(Values.key(run, copy(run, entry.getKey())), copy(run, entry.getValue()));
            }
            copy = dict;
        } else if (value instanceof Iterable<?> items) {
            List<Object> list = new ArrayList<>();
            for (Object item : items) {
                list.add(copy(run, item));
            }
            copy = list;
        } else if (value instanceof Message message) {
            copy = copy(run, message.fields());
        } else if (value instanceof Number number) {
            copy = number(run, number);
        } else if (value != null && !(value instanceof String) && !(value instanceof Boolean)) {
            throw run.error("found a variable of " + value.getClass() + ", expected null, a boolean, number, string, list or map");
        }
        run.rise();
        return copy;
    }

    private static Object number(Run run, Number number) {
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            return number.doubleValue();
        }
        if (number instanceof BigInteger big && big.bitLength() > 63) {
            throw run.error("found an integer of " + big.bitLength() + " bits, expected at most 63 and a sign");
        }
        return number.longValue();
    }
}
