package dev.ondine.text.template;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The text of values as Python's {@code str} and {@code repr} give it. */
final class PythonText {

    private final Run run;
    private final StringBuilder text = new StringBuilder();

    private PythonText(Run run) {
        this.run = run;
    }

    static String str(Run run, Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : repr(run, value);
    }

    static String repr(Run run, Object value) {
        PythonText builder = new PythonText(run);
        builder.append(value);
        return builder.text.toString();
    }

    private void append(Object value) {
        run.sink();
        if (value instanceof String string) {
            int before = text.length();
            quote(text, string);
            run.charge(text.length() - before);
        } else if (value instanceof Map<?, ?> dict) {
            appendDict(Values.dict(dict));
        } else if (value instanceof List) {
            appendAll("[", Values.list(value), "]");
        } else if (value instanceof Tuple tuple) {
            appendAll("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
        } else if (value instanceof DictView view) {
            appendAll(Values.typeName(view) + "([", view.items(run), "])");
        } else if (value instanceof Namespace namespace) {
            add("<Namespace ");
            appendDict(namespace.members());
            add(">");
        } else {
            add(simple(value));
        }
        run.rise();
    }

    private void add(String piece) {
        run.charge(piece.length());
        text.append(piece);
    }

    private static String simple(Object value) {
        if (value == null) {
            return "None";
        } else if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        } else if (value instanceof Long number) {
            return number.toString();
        } else if (value instanceof Double number) {
            return number(number);
        } else if (value instanceof Range range) {
            String bounds = "range(" + range.start() + ", " + range.stop();
            return range.step() == 1 ? bounds + ")" : bounds + ", " + range.step() + ")";
        }
        return value instanceof Undefined ? "Undefined" : "<" + Values.typeName(value) + ">";
    }

    private void appendAll(String begin, List<Object> items, String end) {
        add(begin);
        for (int i = 0; i < items.size(); i++) {
            add(i == 0 ? "" : ", ");
            append(items.get(i));
        }
        add(end);
    }

    private void appendDict(Map<Object, Object> dict) {
        add("{");
        Iterator<Map.Entry<Object, Object>> entries = dict.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Object, Object> entry = entries.next();
            append(entry.getKey());
            add(": ");
            append(entry.getValue());
            add(entries.hasNext() ? ", " : "");
        }
        add("}");
    }

    static String quoted(String string) {
        StringBuilder quoted = new StringBuilder(string.length() + 2);
        quote(quoted, string);
        return quoted.toString();
    }

    private static void quote(StringBuilder text, String string) {
        char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        text.append(quote);
        for (int i = 0; i < string.length(); i = string.offsetByCodePoints(i, 1)) {
            int character = string.codePointAt(i);
            int simple = "\n\r\t\\".indexOf(character);
            if (simple >= 0) {
                text.append('\\').append("nrt\\".charAt(simple));
            } else if (character == quote) {
                text.append('\\').append(quote);
            } else if (isPrintable(character)) {
                text.appendCodePoint(character);
            } else {
                escape(text, character);
            }
        }
        text.append(quote);
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }

    private static void escape(StringBuilder text, int character) {
        int digits = character < 0x100 ? 2 : character < 0x10000 ? 4 : 8;
        text.append('\\').append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
        hexadecimal(text, character, digits);
    }

    static void hexadecimal(StringBuilder text, int number, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            text.append(Character.forDigit(number >>> shift & 15, 16));
        }
    }

    /** The shortest decimal that reads back as the same double, in Python's notation. */
    static String number(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        } else if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        } else if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = decimal.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String sign = exponent < 0 ? "-" : "+";
        return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + sign
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
