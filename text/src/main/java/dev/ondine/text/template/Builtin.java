package dev.ondine.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A function that every template can call. */
record Builtin(String name) implements Callable {

    private static final int LONGEST_RANGE = 100_000;

    static Object orUndefined(String name) {
        return switch (name) {
            case "range", "dict", "namespace", "raise_exception", "strftime_now" -> new Builtin(name);
            default -> Undefined.variable(name);
        };
    }

    @Override
    public Object call(Run run, Arguments arguments) {
        return switch (name) {
            case "range" -> range(run, arguments);
            case "dict" -> dict(run, arguments);
            case "namespace" -> new Namespace(dict(run, arguments));
            case "raise_exception" -> throw run.raised(PythonText.str(run, arguments.bind(run, name, 1, "message")[0]));
            default -> TimeFormat.format(run, Values.string(run, arguments.bind(run, name, 1, "format")[0], "a time format"));
        };
    }

    private static Range range(Run run, Arguments arguments) {
        Object[] bounds = arguments.bind(run, "range", 1, "start", "stop", "step");
        long first = Values.integer(run, bounds[0], "a bound of range");
        boolean fromZero = bounds[1] == Scope.ABSENT;
        long start = fromZero ? 0 : first;
        long stop = fromZero ? first : Values.integer(run, bounds[1], "a bound of range");
        long step = Values.integer(run, Arguments.or(bounds[2], 1L), "the step of range");
        if (step == 0) {
            throw run.error("found 0 as the step of range, expected another number");
        }
        long count = Math.ceilDiv(distance(run, start, stop), step);
        if (count > LONGEST_RANGE) {
            throw tooLong(run);
        }
        return new Range(start, stop, step, (int) Math.max(count, 0));
    }

    private static long distance(Run run, long start, long stop) {
        try {
            return Math.subtractExact(stop, start);
        } catch (ArithmeticException overflow) {
            throw tooLong(run);
        }
    }

    private static TemplateException tooLong(Run run) {
        return run.error("found a range of more than " + LONGEST_RANGE + " numbers, expected fewer");
    }

    private static Map<Object, Object> dict(Run run, Arguments arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw run.error("found " + arguments.positional().size() + " positional arguments of dict, expected at most 1");
        }
        if (!arguments.positional().isEmpty()) {
            putAll(run, dict, arguments.positional().getFirst());
        }
        run.chargeElements(arguments.named().size());
        dict.putAll(arguments.named());
        return dict;
    }

    /** Adds what Python's {@code dict.update} takes: a dict, or pairs of keys and values. */
    static void putAll(Run run, Map<Object, Object> dict, Object more) {
        if (more instanceof Map<?, ?> map) {
            run.chargeElements(map.size());
            dict.putAll(Values.dict(map));
            return;
        }
        for (Object element : Values.elements(run, more)) {
            List<Object> pair = Values.elements(run, element);
            if (pair.size() != 2) {
                throw run.error("found " + pair.size() + " values for an entry of a dict, expected 2");
            }
            run.chargeElements(1);
            dict.put(Values.key(run, pair.get(0)), pair.get(1));
        }
    }
}
