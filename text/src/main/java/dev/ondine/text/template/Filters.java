package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The filters by their names. */
final class Filters {

    private Filters() {
    }

    static Object apply(Run run, String name, Object value, Arguments arguments) {
        return switch (name) {
            case "default", "d" -> withDefault(run, value, arguments);
            case "tojson" -> Json.dumps(run, value, arguments);
            case "join" -> ListFilters.join(run, value, arguments);
            case "map" -> map(run, value, arguments);
            case "select", "reject", "selectattr", "rejectattr" -> select(run, name, value, arguments);
            case "sort" -> ListFilters.sort(run, value, arguments);
            case "dictsort" -> ListFilters.dictSort(run, value, arguments);
            case "unique" -> ListFilters.unique(run, value, arguments);
            case "groupby" -> ListFilters.groupBy(run, value, arguments);
            case "min", "max" -> ListFilters.extreme(run, name, value, arguments);
            case "sum" -> ListFilters.sum(run, value, arguments);
            case "batch" -> ListFilters.batch(run, value, arguments);
            case "slice" -> ListFilters.slice(run, value, arguments);
            case "int" -> NumberFilters.integer(run, value, arguments);
            case "float" -> NumberFilters.real(run, value, arguments);
            case "round" -> NumberFilters.round(run, value, arguments);
            case "attr" -> attribute(run, value, arguments);
            case "trim", "replace", "indent", "truncate", "format", "center" -> onText(run, name, value, arguments);
            default -> {
                Object result = withoutArguments(run, name, value);
                arguments.bind(run, name, 0);
                yield result;
            }
        };
    }

    private static Object withoutArguments(Run run, String name, Object value) {
        return switch (name) {
            case "length", "count" -> length(run, value);
            case "first" -> ListFilters.first(run, value);
            case "last" -> ListFilters.last(run, value);
            case "list" -> ListFilters.copy(run, value);
            case "items" -> ListFilters.items(run, value);
            case "reverse" -> ListFilters.reverse(run, value);
            case "abs" -> NumberFilters.absolute(run, value);
            case "string", "safe", "upper", "lower", "title", "capitalize", "escape", "e", "forceescape", "wordcount" ->
                    onText(run, name, PythonText.str(run, value));
            default -> throw run.error("found the filter '" + name + "', expected one that Jinja has");
        };
    }

    private static Object onText(Run run, String name, Object value, Arguments arguments) {
        String text = PythonText.str(run, value);
        run.charge(text.length());
        return switch (name) {
            case "trim" -> TextFilters.trim(run, text, arguments);
            case "replace" -> TextFilters.replace(run, text, arguments);
            case "indent" -> TextFilters.indent(run, text, arguments);
            case "truncate" -> TextFilters.truncate(run, text, arguments);
            case "format" -> TextFilters.format(run, text, arguments);
            default -> StringMethods.call(run, text, name,
                    new Arguments(List.of(Arguments.or(arguments.bind(run, name, 0, "width")[0], 80L)), Map.of()));
        };
    }

    private static Object onText(Run run, String name, String text) {
        run.charge(text.length());
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> TextFilters.title(text);
            case "capitalize" -> Strings.capitalized(text);
            case "escape", "e", "forceescape" -> TextFilters.escape(run, text);
            case "wordcount" -> TextFilters.wordCount(text);
            default -> text;
        };
    }

    private static Object withDefault(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "default", 0, "default_value", "boolean");
        boolean replacesFalse = Values.isTrue(Arguments.or(bound[1], false));
        boolean missing = value instanceof Undefined || replacesFalse && !Values.isTrue(value);
        return missing ? Arguments.or(bound[0], "") : value;
    }

    private static Object length(Run run, Object value) {
        run.charge(value instanceof String text ? text.length() / 4 : 0);
        int length = Values.length(value);
        if (length < 0) {
            throw run.error("found the length of " + Values.typeName(value) + ", expected a str, list, tuple or dict");
        }
        return (long) length;
    }

    private static Object attribute(Run run, Object value, Arguments arguments) {
        return Access.member(run, value, Values.string(run, arguments.bind(run, "attr", 1, "name")[0], "the argument of attr"));
    }

    private static Generator map(Run run, Object value, Arguments arguments) {
        List<Object> mapped = new ArrayList<>();
        if (!Values.isTrue(value)) {
            return new Generator(mapped);
        }
        run.sink();
        if (arguments.positional().isEmpty()) {
            Object[] bound = arguments.bind(run, "map", 1, "attribute", "default");
            Attribute attribute = Attribute.of(run, bound[0], Arguments.or(bound[1], null));
            for (Object item : Values.elements(run, value)) {
                run.chargeElements(1);
                mapped.add(attribute.of(run, item));
            }
        } else {
            String filter = Values.string(run, arguments.positional().getFirst(), "the filter of map");
            for (Object item : Values.elements(run, value)) {
                run.chargeElements(1);
                mapped.add(apply(run, filter, item, rest(arguments, 1)));
            }
        }
        run.rise();
        return new Generator(mapped);
    }

    private static Arguments rest(Arguments arguments, int from) {
        List<Object> positional = arguments.positional();
        return new Arguments(positional.subList(Math.min(from, positional.size()), positional.size()), arguments.named());
    }

    private static Generator select(Run run, String name, Object value, Arguments arguments) {
        List<Object> selected = new ArrayList<>();
        if (!Values.isTrue(value)) {
            return new Generator(selected);
        }
        boolean wanted = name.startsWith("select");
        boolean byAttribute = name.endsWith("attr");
        if (byAttribute && arguments.positional().isEmpty()) {
            throw run.error("found no attribute of " + name + ", expected one");
        }
        Attribute attribute = Attribute.of(run, byAttribute ? arguments.positional().getFirst() : null, null);
        Arguments rest = rest(arguments, byAttribute ? 1 : 0);
        for (Object item : Values.elements(run, value)) {
            run.step();
            if (holds(run, attribute.of(run, item), rest) == wanted) {
                run.chargeElements(1);
                selected.add(item);
            }
        }
        return new Generator(selected);
    }

    private static boolean holds(Run run, Object value, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            return Values.isTrue(value);
        }
        String test = Values.string(run, arguments.positional().getFirst(), "the name of a test");
        return ValueTests.test(run, test, value, rest(arguments, 1));
    }
}
