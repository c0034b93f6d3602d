package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The methods of lists, tuples and dicts. Transformers refuses those that change a value; here they work, because
 * other runtimes allow them, and on copies, so that nothing of the caller's is changed.
 */
final class ContainerMethods {

    static final Set<String> OF_TUPLES = Set.of("index", "count");
    static final Set<String> OF_LISTS = Set.of("index", "count", "append", "extend", "insert", "pop", "remove", "reverse",
            "clear", "copy");
    static final Set<String> OF_DICTS = Set.of("get", "keys", "values", "items", "update", "pop", "setdefault", "clear", "copy");

    private ContainerMethods() {
    }

    static Object onList(Run run, List<Object> list, String name, Arguments arguments) {
        switch (name) {
            case "append" -> {
                run.chargeElements(1);
                list.add(arguments.bind(run, name, 1, "object")[0]);
            }
            case "extend" -> {
                List<Object> more = Values.elements(run, arguments.bind(run, name, 1, "iterable")[0]);
                run.chargeElements(more.size());
                list.addAll(more);
            }
            case "insert" -> insert(run, list, arguments);
            case "pop" -> {
                return pop(run, list, arguments);
            }
            case "remove" -> list.remove(indexOf(run, list, name, arguments));
            case "reverse" -> {
                arguments.bind(run, name, 0);
                run.charge(list.size());
                Collections.reverse(list);
            }
            case "clear" -> {
                arguments.bind(run, name, 0);
                list.clear();
            }
            case "copy" -> {
                arguments.bind(run, name, 0);
                run.chargeElements(list.size());
                return new ArrayList<>(list);
            }
            default -> {
                return onSequence(run, list, name, arguments);
            }
        }
        return null;
    }

    static Object onSequence(Run run, List<Object> items, String name, Arguments arguments) {
        if (name.equals("index")) {
            return (long) indexOf(run, items, name, arguments);
        }
        Object wanted = arguments.bind(run, name, 1, "value")[0];
        long count = 0;
        for (Object item : items) {
            run.step();
            count += Values.areEqual(run, item, wanted) ? 1 : 0;
        }
        return count;
    }

    private static int indexOf(Run run, List<Object> items, String name, Arguments arguments) {
        Object wanted = arguments.bind(run, name, 1, "value")[0];
        for (int i = 0; i < items.size(); i++) {
            run.step();
            if (Values.areEqual(run, items.get(i), wanted)) {
                return i;
            }
        }
        throw run.error("found no such element in the list of " + name + ", expected one");
    }

    private static void insert(Run run, List<Object> list, Arguments arguments) {
        Object[] bound = arguments.bind(run, "insert", 2, "index", "object");
        long index = Values.integer(run, bound[0], "the index of insert");
        long position = Math.clamp(index < 0 ? index + list.size() : index, 0, list.size());
        run.charge(list.size() - position);
        run.chargeElements(1);
        list.add((int) position, bound[1]);
    }

    private static Object pop(Run run, List<Object> list, Arguments arguments) {
        long index = Values.integer(run, Arguments.or(arguments.bind(run, "pop", 0, "index")[0], -1L), "the index of pop");
        long position = index < 0 ? index + list.size() : index;
        if (position < 0 || position >= list.size()) {
            throw run.error("found the index " + index + " of pop, expected one of the list's " + list.size());
        }
        run.charge(list.size() - position);
        return list.remove((int) position);
    }

    static Object onDict(Run run, Map<Object, Object> dict, String name, Arguments arguments) {
        switch (name) {
            case "get" -> {
                Object[] bound = arguments.bind(run, name, 1, "key", "default");
                return dict.getOrDefault(Values.key(run, bound[0]), Arguments.or(bound[1], null));
            }
            case "setdefault" -> {
                Object[] bound = arguments.bind(run, name, 1, "key", "default");
                run.chargeElements(1);
                Object key = Values.key(run, bound[0]);
                if (!dict.containsKey(key)) {
                    dict.put(key, Arguments.or(bound[1], null));
                }
                return dict.get(key);
            }
            case "pop" -> {
                return pop(run, dict, arguments);
            }
            case "update" -> {
                return update(run, dict, arguments);
            }
            default -> {
                arguments.bind(run, name, 0);
                return withoutArguments(run, dict, name);
            }
        }
    }

    private static Object withoutArguments(Run run, Map<Object, Object> dict, String name) {
        switch (name) {
            case "keys" -> {
                return new DictView(DictView.Kind.KEYS, dict);
            }
            case "values" -> {
                return new DictView(DictView.Kind.VALUES, dict);
            }
            case "items" -> {
                return new DictView(DictView.Kind.ITEMS, dict);
            }
            case "copy" -> {
                run.chargeElements(dict.size());
                return new LinkedHashMap<>(dict);
            }
            default -> {
                dict.clear();
                return null;
            }
        }
    }

    private static Object pop(Run run, Map<Object, Object> dict, Arguments arguments) {
        Object[] bound = arguments.bind(run, "pop", 1, "key", "default");
        Object key = Values.key(run, bound[0]);
        if (!dict.containsKey(key) && bound[1] == Scope.ABSENT) {
            throw run.error("found no key " + PythonText.repr(run, key) + " in the dict of pop, expected it or a default");
        }
        return dict.containsKey(key) ? dict.remove(key) : bound[1];
    }

    private static Object update(Run run, Map<Object, Object> dict, Arguments arguments) {
        if (arguments.positional().size() > 1) {
            throw run.error("found " + arguments.positional().size() + " positional arguments of update, expected at most 1");
        }
        if (!arguments.positional().isEmpty()) {
            Builtin.putAll(run, dict, arguments.positional().getFirst());
        }
        run.chargeElements(arguments.named().size());
        dict.putAll(arguments.named());
        return null;
    }
}
