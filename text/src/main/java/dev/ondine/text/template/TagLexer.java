package dev.ondine.text.template;

import dev.ondine.text.template.Token.Kind;

/** The tokens inside one tag, up to its closing mark. */
final class TagLexer {

    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final Lexer lexer;
    private final String source;
    private final boolean output;
    private final StringBuilder open = new StringBuilder();

    TagLexer(Lexer lexer, boolean output) {
        this.lexer = lexer;
        this.source = lexer.source();
        this.output = output;
    }

    void run() {
        while (true) {
            lexer.advance(lexer.afterSpace(lexer.position()));
            if (lexer.position() >= source.length()) {
                throw lexer.error("found the end of the template, expected " + (output ? "'}}'" : "'%}'"));
            }
            if (open.isEmpty() && close()) {
                return;
            }
            token(source.charAt(lexer.position()));
        }
    }

    private boolean close() {
        int start = lexer.position();
        char sign = source.charAt(start);
        boolean signed = sign == '-' || (sign == '+' && !output);
        int mark = signed ? start + 1 : start;
        if (!source.startsWith(output ? "}}" : "%}", mark)) {
            return false;
        }
        lexer.add(output ? Kind.OUTPUT_END : Kind.TAG_END, "", null);
        lexer.advance(lexer.afterTag(mark, start, !output));
        return true;
    }

    private void token(char first) {
        if (first >= '0' && first <= '9') {
            number();
        } else if (first == '\'' || first == '"') {
            string(first);
        } else if (first == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(lexer.position()))) {
            name();
        } else {
            operator(first);
        }
    }

    private void name() {
        int end = lexer.position();
        while (end < source.length() && isNamePart(source.codePointAt(end))) {
            end += Character.charCount(source.codePointAt(end));
        }
        lexer.add(Kind.NAME, source.substring(lexer.position(), end), null);
        lexer.advance(end);
    }

    private static boolean isNamePart(int character) {
        return character == '_' || Character.isUnicodeIdentifierPart(character) && !Character.isIdentifierIgnorable(character);
    }

    private void number() {
        int start = lexer.position();
        int base = base(start);
        if (base != 10) {
            int end = digits(start + 2, base);
            addInteger(source.substring(start + 2, end), base, end);
            return;
        }
        int end = digits(start, 10);
        int whole = end;
        boolean isMember = start > 0 && source.charAt(start - 1) == '.';
        if (!isMember) {
            end = lexer.charAt(end) == '.' ? digitsOr(end, end + 1) : end;
            end = exponent(end);
        }
        if (end == whole) {
            addInteger(source.substring(start, end), 10, end);
        } else {
            String text = source.substring(start, end).replace("_", "");
            lexer.add(Kind.NUMBER, text, Double.valueOf(text));
            lexer.advance(end);
        }
    }

    private int base(int start) {
        if (source.charAt(start) != '0') {
            return 10;
        }
        int base = switch (lexer.charAt(start + 1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            case 'x', 'X' -> 16;
            default -> 10;
        };
        return digits(start + 2, base) > start + 2 ? base : 10;
    }

    private int exponent(int end) {
        if (lexer.charAt(end) != 'e' && lexer.charAt(end) != 'E') {
            return end;
        }
        char sign = lexer.charAt(end + 1);
        return digitsOr(end, sign == '+' || sign == '-' ? end + 2 : end + 1);
    }

    /** The end of the digits from an index; underscores may stand between digits. */
    private int digits(int start, int base) {
        int end = start;
        while (Character.digit(lexer.charAt(end), base) >= 0 && lexer.charAt(end) < 128
                || end > start && lexer.charAt(end) == '_' && Character.digit(lexer.charAt(end + 1), base) >= 0) {
            end++;
        }
        return end;
    }

    private int digitsOr(int fallback, int start) {
        int end = digits(start, 10);
        return end > start ? end : fallback;
    }

    private void addInteger(String digits, int base, int end) {
        try {
            lexer.add(Kind.NUMBER, digits, Long.valueOf(digits.replace("_", ""), base));
        } catch (NumberFormatException tooLarge) {
            throw lexer.error("found an integer of " + digits.length() + " digits, expected one of 64 bits");
        }
        lexer.advance(end);
    }

    private void string(char quote) {
        int end = lexer.position() + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw lexer.error("found the end of the template, expected the closing quote of this string");
        }
        lexer.add(Kind.STRING, unescaped(source.substring(lexer.position() + 1, end)), null);
        lexer.advance(end + 1);
    }

    private String unescaped(String text) {
        int slash = text.indexOf('\\');
        if (slash < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int from = 0;
        while (slash >= 0) {
            plain.append(text, from, slash);
            from = escape(text, slash + 1, plain);
            slash = text.indexOf('\\', from);
        }
        return plain.append(text, from, text.length()).toString();
    }

    /** Appends what the escape stands for and returns the position behind it; unknown escapes stand for themselves. */
    private int escape(String text, int at, StringBuilder plain) {
        char kind = text.charAt(at);
        int simple = "\\'\"abfnrtv".indexOf(kind);
        if (simple >= 0) {
            plain.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
        } else if (kind >= '0' && kind <= '7') {
            int end = at;
            while (end < text.length() && end < at + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
                end++;
            }
            plain.append((char) Integer.parseInt(text, at, end, 8));
            return end;
        } else if (kind == 'x' || kind == 'u' || kind == 'U') {
            return hexadecimal(text, at + 1, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, plain);
        } else if (kind != '\n') {
            plain.append('\\').append(kind);
        }
        return at + 1;
    }

    private int hexadecimal(String text, int start, int digits, StringBuilder plain) {
        long code = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            code = digit < 0 ? -1 : code * 16 + digit;
            if (code < 0 || code > Character.MAX_CODE_POINT) {
                throw lexer.error("found a broken escape in a string, expected " + digits + " hexadecimal digits of a character");
            }
        }
        plain.appendCodePoint((int) code);
        return start + digits;
    }

    private void operator(char first) {
        int start = lexer.position();
        char second = lexer.charAt(start + 1);
        boolean pair = second == '=' && "=!<>".indexOf(first) >= 0 || second == first && (first == '/' || first == '*');
        if (!pair && OPERATORS.indexOf(first) < 0) {
            throw lexer.error("found the character " + PythonText.quoted(source.substring(start, source.offsetByCodePoints(start, 1)))
                    + ", expected an expression or the end of the tag");
        }
        balance(first);
        String text = source.substring(start, pair ? start + 2 : start + 1);
        lexer.add(Kind.OPERATOR, text, null);
        lexer.advance(start + text.length());
    }

    /** A closing mark counts only outside brackets, so that a dict may end in two braces. */
    private void balance(char bracket) {
        int kind = "([{".indexOf(bracket);
        if (kind >= 0) {
            open.append(")]}".charAt(kind));
        } else if (bracket == ')' || bracket == ']' || bracket == '}') {
            int last = open.length() - 1;
            if (last < 0 || open.charAt(last) != bracket) {
                throw lexer.error("found '" + bracket + "', expected "
                        + (last < 0 ? "no closing bracket" : "'" + open.charAt(last) + "'"));
            }
            open.setLength(last);
        }
    }
}
