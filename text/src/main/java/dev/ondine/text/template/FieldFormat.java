package dev.ondine.text.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** How one value is written into a text: alignment, sign, width, precision and type, as Python's format specifications have them. */
record FieldFormat(char fill, char align, boolean plus, boolean grouped, int width, int precision, char type) {

    /** The largest width and precision. */
    static final int WIDEST = 10_000;

    /** Python's {@code str.format}, with fields by position or name and without members of fields. */
    static String format(Run run, String template, Arguments arguments) {
        StringBuilder text = new StringBuilder();
        int automatic = 0;
        int at = 0;
        while (at < template.length()) {
            char character = template.charAt(at);
            boolean doubled = at + 1 < template.length() && template.charAt(at + 1) == character;
            if (character != '{' && character != '}' || doubled) {
                text.append(character);
                at += character == '{' || character == '}' ? 2 : 1;
                continue;
            }
            int end = template.indexOf('}', at);
            if (character == '}' || end < 0) {
                throw run.error("found a single '" + character + "' in a format, expected pairs");
            }
            String field = template.substring(at + 1, end);
            boolean numbered = field.isEmpty() || field.charAt(0) == ':' || field.charAt(0) == '!';
            String piece = field(run, numbered ? automatic++ + field : field, arguments);
            run.charge(piece.length());
            text.append(piece);
            at = end + 1;
        }
        return text.toString();
    }

    private static String field(Run run, String field, Arguments arguments) {
        int colon = field.indexOf(':');
        String specification = colon < 0 ? "" : field.substring(colon + 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        int bang = name.indexOf('!');
        Object value = argument(run, bang < 0 ? name : name.substring(0, bang), arguments);
        if (bang >= 0) {
            value = name.endsWith("!r") ? PythonText.repr(run, value) : PythonText.str(run, value);
        }
        return parse(run, specification).apply(run, value);
    }

    private static Object argument(Run run, String name, Arguments arguments) {
        Object index = NumberFilters.parseInteger(name, 10);
        if (index instanceof Long position && position >= 0 && position < arguments.positional().size()) {
            return arguments.positional().get(position.intValue());
        }
        Object value = arguments.named().getOrDefault(name, Scope.ABSENT);
        if (value == Scope.ABSENT) {
            throw run.error("found the field '" + name + "' in a format, expected one of the arguments");
        }
        return value;
    }

    private static FieldFormat parse(Run run, String text) {
        Reader reader = new Reader(run, text);
        char fill = ' ';
        char align = 0;
        if (text.length() > 1 && "<>^".indexOf(text.charAt(1)) >= 0) {
            fill = reader.next();
            align = reader.next();
        } else {
            align = reader.oneOf("<>^");
        }
        boolean plus = reader.oneOf("+- ") == '+';
        if (reader.oneOf("0") == '0' && align == 0) {
            fill = '0';
            align = '=';
        }
        int width = reader.number(0);
        boolean grouped = reader.oneOf(",") == ',';
        int precision = reader.oneOf(".") == '.' ? reader.number(-1) : -1;
        char type = reader.oneOf("sdfFxXob%");
        reader.expectEnd();
        return new FieldFormat(fill, align, plus, grouped, width, precision, type);
    }

    /** A format specification and the position of its reader. */
    private static final class Reader {
        private final Run run;
        private final String text;
        private int at;

        Reader(Run run, String text) {
            this.run = run;
            this.text = text;
        }

        char next() {
            return text.charAt(at++);
        }

        char oneOf(String characters) {
            return at < text.length() && characters.indexOf(text.charAt(at)) >= 0 ? next() : 0;
        }

        int number(int fallback) {
            int begin = at;
            int number = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                number = Math.min(number * 10 + next() - '0', WIDEST + 1);
            }
            if (number > WIDEST) {
                throw run.error("found a width or precision above " + WIDEST + ", expected a smaller one");
            }
            return at == begin ? fallback : number;
        }

        void expectEnd() {
            if (at < text.length()) {
                throw run.error("found the format specification '" + text + "', expected fill, sign, width, precision and one of sdfFxXob%");
            }
        }
    }

    String apply(Run run, Object value) {
        boolean number = Values.isNumber(value) && type != 's' && !(value instanceof Boolean && type == 0);
        String text;
        if (!number) {
            text = PythonText.str(run, value);
            if (type != 0 && type != 's') {
                throw run.error("found " + Values.typeName(value) + " for the format '" + type + "', expected a number");
            }
            text = precision >= 0 && precision < Strings.length(text) ? Strings.slice(text, 0, 1, precision) : text;
        } else {
            text = numberText(run, value);
            text = plus && !text.startsWith("-") ? "+" + text : text;
        }
        return padded(run, text, number);
    }

    private String numberText(Run run, Object value) {
        boolean real = value instanceof Double;
        if (type == 'f' || type == 'F' || type == '%' || real && type == 0 && precision >= 0) {
            double number = Values.real(value);
            String fixed = fixed(type == '%' ? number * 100 : number, precision < 0 ? 6 : precision);
            return type == '%' ? fixed + "%" : grouped ? grouped(fixed) : fixed;
        } else if (real) {
            if (type != 0) {
                throw run.error("found float for the format '" + type + "', expected int");
            }
            return PythonText.number((Double) value);
        }
        long number = Values.whole(value);
        return switch (type) {
            case 'x' -> Long.toString(number, 16);
            case 'X' -> Long.toString(number, 16).toUpperCase(Locale.ROOT);
            case 'o' -> Long.toString(number, 8);
            case 'b' -> Long.toString(number, 2);
            default -> grouped ? grouped(Long.toString(number)) : Long.toString(number);
        };
    }

    /** Rounds exactly, halves to even. */
    static String fixed(double number, int digits) {
        if (!Double.isFinite(number)) {
            return PythonText.number(number);
        }
        String text = new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        boolean lostSign = !text.startsWith("-") && (number < 0 || 1 / number < 0);
        return lostSign ? "-" + text : text;
    }

    private static String grouped(String number) {
        int point = number.indexOf('.');
        StringBuilder text = new StringBuilder(number);
        for (int i = (point < 0 ? number.length() : point) - 3; i > (number.startsWith("-") ? 1 : 0); i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    private String padded(Run run, String text, boolean number) {
        long missing = width - Strings.length(text);
        if (missing <= 0) {
            return text;
        }
        char side = align != 0 ? align : number ? '>' : '<';
        long left = switch (side) {
            case '<' -> 0;
            case '^' -> missing / 2;
            default -> missing;
        };
        int sign = side == '=' && (text.startsWith("-") || text.startsWith("+")) ? 1 : 0;
        String filler = String.valueOf(fill);
        return text.substring(0, sign) + Strings.repeat(run, filler, left) + text.substring(sign)
                + Strings.repeat(run, filler, missing - left);
    }

    /** The format of a conversion of the {@code %} operator. */
    static FieldFormat ofConversion(String flags, int width, int precision, char type) {
        boolean left = flags.indexOf('-') >= 0;
        boolean zeros = !left && flags.indexOf('0') >= 0 && type != 's';
        return new FieldFormat(zeros ? '0' : ' ', left ? '<' : zeros ? '=' : '>', flags.indexOf('+') >= 0, false, width, precision, type);
    }
}
