package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it. */
final class Json {

    private final Run run;
    private final boolean ascii;
    private final String indent;
    private final boolean sorted;
    private final String itemSeparator;
    private final String keySeparator;
    private final StringBuilder text = new StringBuilder();

    private Json(Run run, Object[] options) {
        this.run = run;
        this.ascii = Values.isTrue(Arguments.or(options[0], false));
        this.indent = indent(run, Arguments.or(options[1], null));
        this.sorted = Values.isTrue(Arguments.or(options[3], false));
        Object separators = Arguments.or(options[2], null);
        if (separators == null) {
            itemSeparator = indent == null ? ", " : ",";
            keySeparator = ": ";
        } else {
            List<Object> pair = Values.elements(run, separators);
            if (pair.size() != 2) {
                throw run.error("found " + pair.size() + " separators of tojson, expected 2");
            }
            itemSeparator = Values.string(run, pair.get(0), "a separator of tojson");
            keySeparator = Values.string(run, pair.get(1), "a separator of tojson");
        }
    }

    /** The tojson filter. */
    static String dumps(Run run, Object value, Arguments arguments) {
        Json json = new Json(run, arguments.bind(run, "tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"));
        json.append(value, 0);
        return json.text.toString();
    }

    private static String indent(Run run, Object indent) {
        return indent == null || indent instanceof String ? (String) indent
                : Strings.repeat(run, " ", Values.integer(run, indent, "the indent of tojson"));
    }

    private void append(Object value, int level) {
        run.sink();
        if (value instanceof String string) {
            quote(string);
        } else if (value instanceof Map<?, ?> dict) {
            appendDict(Values.dict(dict), level);
        } else if (value instanceof List || value instanceof Tuple) {
            appendList(Values.sequence(value), level);
        } else if (value == null || Values.isNumber(value)) {
            add(simple(value));
        } else {
            throw run.error("found " + Values.typeName(value) + " in tojson, expected what JSON can hold");
        }
        run.rise();
    }

    private void add(String piece) {
        run.charge(piece.length());
        text.append(piece);
    }

    private static String simple(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof Boolean flag) {
            return flag ? "true" : "false";
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            return number.toString();
        }
        return value instanceof Double number ? PythonText.number(number) : value.toString();
    }

    private void appendList(List<Object> items, int level) {
        add("[");
        for (int i = 0; i < items.size(); i++) {
            add(i == 0 ? "" : itemSeparator);
            lineBreak(level + 1);
            append(items.get(i), level + 1);
        }
        if (!items.isEmpty()) {
            lineBreak(level);
        }
        add("]");
    }

    private void appendDict(Map<Object, Object> dict, int level) {
        add("{");
        Iterator<Map.Entry<Object, Object>> entries = entries(dict).iterator();
        while (entries.hasNext()) {
            Map.Entry<Object, Object> entry = entries.next();
            lineBreak(level + 1);
            quote(key(entry.getKey()));
            add(keySeparator);
            append(entry.getValue(), level + 1);
            add(entries.hasNext() ? itemSeparator : "");
        }
        if (!dict.isEmpty()) {
            lineBreak(level);
        }
        add("}");
    }

    private Iterable<Map.Entry<Object, Object>> entries(Map<Object, Object> dict) {
        if (!sorted) {
            return dict.entrySet();
        }
        run.chargeElements(dict.size());
        List<Map.Entry<Object, Object>> entries = new ArrayList<>(dict.entrySet());
        entries.sort((a, b) -> Values.order(run, a.getKey(), b.getKey()));
        return entries;
    }

    private String key(Object key) {
        if (key instanceof String string) {
            return string;
        } else if (key == null || Values.isNumber(key)) {
            return simple(key);
        }
        throw run.error("found " + Values.typeName(key) + " as a key in tojson, expected str");
    }

    private void lineBreak(int level) {
        if (indent != null) {
            run.charge(1 + (long) level * indent.length());
            text.append('\n').repeat(indent, level);
        }
    }

    private void quote(String string) {
        int before = text.length();
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char character = string.charAt(i);
            int simple = "\"\\\n\r\t\f\b".indexOf(character);
            if (simple >= 0) {
                text.append('\\').append("\"\\nrtfb".charAt(simple));
            } else if (character < ' ' || ascii && character > '~') {
                text.append("\\u");
                PythonText.hexadecimal(text, character, 4);
            } else {
                text.append(character);
            }
        }
        text.append('"');
        run.charge(text.length() - before);
    }
}
