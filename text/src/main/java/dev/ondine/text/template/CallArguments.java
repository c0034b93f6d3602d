package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call as written.
 *
 * @param list what follows {@code *}, or null
 * @param dict what follows {@code **}, or null
 */
record CallArguments(List<Expression> positional, List<Named> named, Expression list, Expression dict) {

    static final CallArguments NONE = new CallArguments(List.of(), List.of(), null, null);

    record Named(String name, Expression value) { }

    Arguments evaluate(Run run, Scope scope) {
        if (this == NONE) {
            return Arguments.NONE;
        }
        List<Object> values = new ArrayList<>(positional.size());
        for (Expression expression : positional) {
            values.add(run.evaluate(expression, scope));
        }
        if (list != null) {
            List<Object> more = Values.elements(run, run.evaluate(list, scope));
            run.chargeElements(more.size());
            values.addAll(more);
        }
        return new Arguments(values, namedValues(run, scope));
    }

    private Map<String, Object> namedValues(Run run, Scope scope) {
        if (named.isEmpty() && dict == null) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Named argument : named) {
            put(run, values, argument.name(), run.evaluate(argument.value(), scope));
        }
        if (dict != null) {
            addAll(run, values, run.evaluate(dict, scope));
        }
        return values;
    }

    private static void addAll(Run run, Map<String, Object> values, Object more) {
        if (!(more instanceof Map<?, ?> map)) {
            throw run.error("found " + Values.typeName(more) + " after '**', expected a dict");
        }
        run.chargeElements(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            put(run, values, Values.string(run, entry.getKey(), "a key after '**'"), entry.getValue());
        }
    }

    private static void put(Run run, Map<String, Object> values, String name, Object value) {
        if (values.containsKey(name)) {
            throw run.error("found the argument '" + name + "' twice, expected it once");
        }
        values.put(name, value);
    }
}
