package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The filters on lists and other values with elements. */
final class ListFilters {

    private ListFilters() {
    }

    static Object first(Run run, Object value) {
        Object first;
        if (value instanceof Generator generator) {
            first = generator.next();
        } else {
            List<Object> items = Values.elements(run, value);
            first = items.isEmpty() ? Scope.ABSENT : items.getFirst();
        }
        return first == Scope.ABSENT ? new Undefined("no first item, the sequence is empty") : first;
    }

    static Object last(Run run, Object value) {
        List<Object> items = Values.elements(run, value);
        return items.isEmpty() ? new Undefined("no last item, the sequence is empty") : items.getLast();
    }

    static List<Object> copy(Run run, Object value) {
        List<Object> items = Values.elements(run, value);
        run.chargeElements(items.size());
        return new ArrayList<>(items);
    }

    static Object reverse(Run run, Object value) {
        if (value instanceof String text) {
            run.charge(text.length());
            return Strings.reversed(text);
        }
        return new Generator(copy(run, value).reversed());
    }

    static String join(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "join", 0, "d", "attribute");
        String separator = PythonText.str(run, Arguments.or(bound[0], ""));
        Attribute attribute = Attribute.of(run, Arguments.or(bound[1], null), null);
        StringBuilder joined = new StringBuilder();
        Iterator<Object> items = Values.elements(run, value).iterator();
        while (items.hasNext()) {
            run.step();
            String piece = PythonText.str(run, attribute.of(run, items.next()));
            run.charge((long) piece.length() + separator.length());
            joined.append(piece).append(items.hasNext() ? separator : "");
        }
        return joined.toString();
    }

    static Generator items(Run run, Object value) {
        if (value instanceof Undefined) {
            return new Generator(List.of());
        } else if (value instanceof Map<?, ?> dict) {
            return new Generator(new DictView(DictView.Kind.ITEMS, Values.dict(dict)).items(run));
        }
        throw run.error("found " + Values.typeName(value) + " to take items of, expected a dict");
    }

    static List<Object> dictSort(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "dictsort", 0, "case_sensitive", "by", "reverse");
        String by = Values.string(run, Arguments.or(bound[1], "key"), "'by' of dictsort");
        if (!(value instanceof Map<?, ?> dict) || !by.equals("key") && !by.equals("value")) {
            throw run.error("found " + Values.typeName(value) + " to sort by " + PythonText.quoted(by) + ", expected a dict, by 'key' or 'value'");
        }
        boolean exactCase = Values.isTrue(Arguments.or(bound[0], false));
        List<Object> pairs = new DictView(DictView.Kind.ITEMS, Values.dict(dict)).items(run);
        Attribute part = Attribute.of(run, by.equals("key") ? 0L : 1L, null);
        return sorted(run, pairs, List.of(part), exactCase, Values.isTrue(Arguments.or(bound[2], false)));
    }

    static List<Object> sort(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "sort", 0, "reverse", "case_sensitive", "attribute");
        List<Attribute> attributes = Attribute.list(run, Arguments.or(bound[2], null));
        boolean exactCase = Values.isTrue(Arguments.or(bound[1], false));
        return sorted(run, Values.elements(run, value), attributes, exactCase, Values.isTrue(Arguments.or(bound[0], false)));
    }

    private static List<Object> sorted(Run run, List<Object> items, List<Attribute> attributes, boolean exactCase, boolean reverse) {
        List<Tuple> keyed = new ArrayList<>(items.size());
        for (Object item : items) {
            List<Object> keys = new ArrayList<>(attributes.size());
            for (Attribute attribute : attributes) {
                keys.add(caseFree(run, attribute.of(run, item), exactCase));
            }
            run.chargeElements(keys.size() + 1L);
            keyed.add(Tuple.of(keys, item));
        }
        Comparator<Tuple> order = (a, b) -> Values.order(run, a.items().getFirst(), b.items().getFirst());
        keyed.sort(reverse ? order.reversed() : order);
        List<Object> sorted = new ArrayList<>(items.size());
        for (Tuple pair : keyed) {
            sorted.add(pair.items().getLast());
        }
        return sorted;
    }

    private static Object caseFree(Run run, Object key, boolean exactCase) {
        if (exactCase || !(key instanceof String text)) {
            return key;
        }
        run.charge(text.length());
        return text.toLowerCase(Locale.ROOT);
    }

    static Generator unique(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "unique", 0, "case_sensitive", "attribute");
        boolean exactCase = Values.isTrue(Arguments.or(bound[0], false));
        Attribute attribute = Attribute.of(run, Arguments.or(bound[1], null), null);
        Set<Object> seen = new HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.elements(run, value)) {
            run.chargeElements(1);
            if (seen.add(Values.key(run, caseFree(run, attribute.of(run, item), exactCase)))) {
                unique.add(item);
            }
        }
        return new Generator(unique);
    }

    static List<Object> groupBy(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "groupby", 1, "attribute", "default", "case_sensitive");
        Attribute attribute = Attribute.of(run, bound[0], Arguments.or(bound[1], null));
        boolean exactCase = Values.isTrue(Arguments.or(bound[2], false));
        List<Object> groups = new ArrayList<>();
        Object last = Scope.ABSENT;
        List<Object> members = List.of();
        for (Object item : sorted(run, Values.elements(run, value), List.of(attribute), exactCase, false)) {
            Object key = caseFree(run, attribute.of(run, item), exactCase);
            if (last == Scope.ABSENT || !Values.areEqual(run, last, key)) {
                members = new ArrayList<>();
                groups.add(new Tuple(Arrays.asList(attribute.of(run, item), members), true));
            }
            members.add(item);
            last = key;
        }
        return groups;
    }

    static Object extreme(Run run, String name, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, name, 0, "case_sensitive", "attribute");
        boolean exactCase = Values.isTrue(Arguments.or(bound[0], false));
        Attribute attribute = Attribute.of(run, Arguments.or(bound[1], null), null);
        Object best = Scope.ABSENT;
        Object bestKey = null;
        for (Object item : Values.elements(run, value)) {
            Object key = caseFree(run, attribute.of(run, item), exactCase);
            int order = best == Scope.ABSENT ? 0 : Values.order(run, key, bestKey);
            if (best == Scope.ABSENT || (name.equals("min") ? order < 0 : order > 0)) {
                best = item;
                bestKey = key;
            }
        }
        return best == Scope.ABSENT ? new Undefined("no aggregated item, the sequence is empty") : best;
    }

    static Object sum(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "sum", 0, "attribute", "start");
        Attribute attribute = Attribute.of(run, Arguments.or(bound[0], null), null);
        Object sum = Arguments.or(bound[1], 0L);
        if (sum instanceof String) {
            throw run.error("found str as the start of sum, expected a number or a list");
        }
        for (Object item : Values.elements(run, value)) {
            run.step();
            sum = Operators.apply(run, Operator.ADD, sum, attribute.of(run, item));
        }
        return sum;
    }

    static Generator batch(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "batch", 1, "linecount", "fill_with");
        long size = Values.integer(run, bound[0], "the size of batch");
        Object fill = Arguments.or(bound[1], null);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = null;
        for (Object item : Values.elements(run, value)) {
            run.chargeElements(1);
            if (batch == null || batch.size() == size) {
                run.chargeElements(1);
                batch = new ArrayList<>();
                batches.add(batch);
            }
            batch.add(item);
        }
        if (batch != null && fill != null && batch.size() < size) {
            run.chargeElements(size - batch.size());
            while (batch.size() < size) {
                batch.add(fill);
            }
        }
        return new Generator(batches);
    }

    static Generator slice(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind(run, "slice", 1, "slices", "fill_with");
        long slices = Values.integer(run, bound[0], "the number of slices");
        Object fill = Arguments.or(bound[1], null);
        List<Object> items = Values.elements(run, value);
        if (slices <= 0) {
            throw run.error("found " + slices + " slices, expected at least 1");
        }
        run.chargeElements(slices > Integer.MAX_VALUE ? slices : slices + items.size());
        int size = (int) (items.size() / slices);
        int longer = (int) (items.size() % slices);
        List<Object> all = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < slices; i++) {
            int to = from + size + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (fill != null && i >= longer) {
                slice.add(fill);
            }
            all.add(slice);
            from = to;
        }
        return new Generator(all);
    }
}
