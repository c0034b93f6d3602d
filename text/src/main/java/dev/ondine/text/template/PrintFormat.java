package dev.ondine.text.template;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Python's {@code %} operator on strings. */
final class PrintFormat {

    private final Run run;
    private final String template;
    private final Object values;
    private final List<Object> positional;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int used;

    private PrintFormat(Run run, String template, Object values) {
        this.run = run;
        this.template = template;
        this.values = values;
        this.positional = values instanceof Tuple tuple ? tuple.items() : Collections.singletonList(values);
    }

    static String format(Run run, String template, Object values) {
        PrintFormat format = new PrintFormat(run, template, values);
        run.charge(template.length());
        format.run();
        return format.text.toString();
    }

    private void run() {
        while (at < template.length()) {
            char character = template.charAt(at++);
            if (character != '%') {
                text.append(character);
            } else if (peek() == '%') {
                text.append('%');
                at++;
            } else {
                String piece = conversion();
                run.charge(piece.length());
                text.append(piece);
            }
        }
        if (used < positional.size() && !(values instanceof Map)) {
            throw run.error("found " + positional.size() + " values for a format, expected " + used);
        }
    }

    private char peek() {
        return at < template.length() ? template.charAt(at) : 0;
    }

    private String conversion() {
        Object value = peek() == '(' ? namedValue() : used < positional.size() ? positional.get(used++) : Scope.ABSENT;
        if (value == Scope.ABSENT) {
            throw run.error("found too few values for a format, expected one for each conversion");
        }
        int flags = at;
        while ("-+0 #".indexOf(peek()) >= 0) {
            at++;
        }
        String signs = template.substring(flags, at);
        int width = number();
        int precision = -1;
        if (peek() == '.') {
            at++;
            precision = number();
        }
        return converted(value, signs, width, precision, peek());
    }

    private Object namedValue() {
        int end = template.indexOf(')', at);
        if (end < 0 || !(values instanceof Map<?, ?> dict)) {
            throw run.error("found a named value in a format, expected a dict and a closing bracket");
        }
        String name = template.substring(at + 1, end);
        at = end + 1;
        return Values.dict(dict).getOrDefault(name, Scope.ABSENT);
    }

    private int number() {
        int number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = Math.min(number * 10 + template.charAt(at++) - '0', FieldFormat.WIDEST + 1);
        }
        if (number > FieldFormat.WIDEST) {
            throw run.error("found a width or precision above " + FieldFormat.WIDEST + ", expected a smaller one");
        }
        return number;
    }

    private String converted(Object value, String flags, int width, int precision, char type) {
        at++;
        return switch (type) {
            case 's' -> FieldFormat.ofConversion(flags, width, precision, 's').apply(run, PythonText.str(run, value));
            case 'r' -> FieldFormat.ofConversion(flags, width, precision, 's').apply(run, PythonText.repr(run, value));
            case 'd', 'i', 'u' -> FieldFormat.ofConversion(flags, width, -1, 'd').apply(run, whole(value));
            case 'x', 'X', 'o', 'f', 'F' -> FieldFormat.ofConversion(flags, width, precision, type).apply(run, value);
            default -> throw run.error("found a conversion of another type in a format, expected one of s, r, d, i, u, x, X, o, f, F, %");
        };
    }

    private Object whole(Object value) {
        return value instanceof Double number && Double.isFinite(number) && Math.abs(number) < 0x1p63 ? (Object) number.longValue() : value;
    }
}
