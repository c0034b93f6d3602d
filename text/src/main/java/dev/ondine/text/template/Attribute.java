package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;

/**
 * What filters take from each element: the element itself, or a member of a member.
 *
 * @param path keys and indices from the element inwards
 * @param fallback the value in place of an undefined one, or null to keep that
 */
record Attribute(List<Object> path, Object fallback) {

    /** @param attribute null, an index, or names and indices with dots between */
    static Attribute of(Run run, Object attribute, Object fallback) {
        if (attribute == null) {
            return new Attribute(List.of(), fallback);
        } else if (!(attribute instanceof String text)) {
            return new Attribute(List.of(attribute), fallback);
        } else {
            List<Object> path = new ArrayList<>();
            run.chargeElements(text.length());
            int from = 0;
            for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', from)) {
                path.add(key(text.substring(from, dot)));
                from = dot + 1;
            }
            path.add(key(text.substring(from)));
            return new Attribute(path, fallback);
        }
    }

    /** Several attributes with commas between. */
    static List<Attribute> list(Run run, Object attributes) {
        if (!(attributes instanceof String text) || text.indexOf(',') < 0) {
            return List.of(of(run, attributes, null));
        }
        List<Attribute> list = new ArrayList<>();
        int from = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', from)) {
            list.add(of(run, text.substring(from, comma), null));
            from = comma + 1;
        }
        list.add(of(run, text.substring(from), null));
        return list;
    }

    private static Object key(String part) {
        boolean isIndex = !part.isEmpty() && part.charAt(0) >= '0' && part.charAt(0) <= '9';
        Object index = isIndex ? NumberFilters.parseInteger(part, 10) : null;
        return index != null ? index : part;
    }

    Object of(Run run, Object element) {
        Object value = element;
        for (Object key : path) {
            run.step();
            value = Access.item(run, value, key);
            value = fallback != null && value instanceof Undefined ? fallback : value;
        }
        return value;
    }
}
