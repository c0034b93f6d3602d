package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;

/**
 * The rules of JSON itself, made when first asked for.
 *
 * <p>What a model writes is bounded, so that it cannot go on for ever in white space or in digits: white space is nothing, one space, or a
 * line break with an indent, after an opening bracket, a comma and a colon and before a closing bracket. What is only recognised is not.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonRules {

    /** Whole digits that a {@code long} and a {@code double} both hold in order of size. */
    static final int INTEGER_DIGITS = 18;
    static final int FRACTION_DIGITS = 16;
    private static final int EXPONENT_DIGITS = 2;
    private static final int MOST_INDENT_SPACES = 32;
    private static final int MOST_INDENT_TABS = 8;

    private final NetworkBuilder builder;
    private final CodePointBytes codePoints;
    private final boolean bounded;
    private Rule space;
    private Rule character;
    private Rule string;
    private Rule number;
    private Rule value;
    private Rule object;
    private Rule array;

    JsonRules(NetworkBuilder builder, boolean bounded) {
        this.builder = builder;
        this.codePoints = new CodePointBytes(builder);
        this.bounded = bounded;
    }

    NetworkBuilder builder() {
        return builder;
    }

    CodePointBytes codePoints() {
        return codePoints;
    }

    /** White space where it is usual. */
    int space(int from) {
        if (space == null) {
            space = builder.rule();
            if (bounded) {
                boundedSpace();
            } else {
                " \t\r\n".chars().forEach(character -> builder.range(space.start(), character, character, space.start()));
                builder.skip(space.start(), space.end());
            }
        }
        return builder.call(from, space);
    }

    private void boundedSpace() {
        builder.skip(space.start(), space.end());
        builder.range(space.start(), ' ', ' ', space.end());
        int line = builder.text(space.start(), "\n");
        builder.skip(line, space.end());
        indent(line, ' ', MOST_INDENT_SPACES);
        indent(line, '\t', MOST_INDENT_TABS);
    }

    private void indent(int from, char character, int most) {
        int at = from;
        for (int count = 0; count < most; count++) {
            int next = builder.state();
            builder.range(at, character, character, next);
            builder.skip(next, space.end());
            at = next;
        }
    }

    /** White space where it is allowed but not usual: before a comma or a colon. */
    int unusualSpace(int from) {
        return bounded ? from : space(from);
    }

    /** A colon or a comma. */
    int separator(int from, String text) {
        return space(builder.text(unusualSpace(from), text));
    }

    /** One character of a string, written out or escaped. */
    Rule character() {
        if (character == null) {
            character = builder.rule();
            codePoints.range(character.start(), ' ', '!', character.end());
            codePoints.range(character.start(), '#', '[', character.end());
            codePoints.range(character.start(), ']', Character.MAX_CODE_POINT, character.end());
            int escape = builder.text(character.start(), "\\");
            builder.skip(builder.oneOf(escape, "\"\\/bfnrt"), character.end());
            escapedUnits(builder.text(escape, "u"));
        }
        return character;
    }

    /** A unit that is no surrogate, or a pair of surrogates. */
    private void escapedUnits(int from) {
        builder.skip(hexadecimal(builder.oneOf(from, "0123456789abcefABCEF"), 3), character.end());
        int d = builder.oneOf(from, "dD");
        builder.skip(hexadecimal(builder.oneOf(d, "01234567"), 2), character.end());
        int high = hexadecimal(builder.oneOf(d, "89abAB"), 2);
        int low = builder.oneOf(builder.oneOf(builder.text(high, "\\u"), "dD"), "cdefCDEF");
        builder.skip(hexadecimal(low, 2), character.end());
    }

    private int hexadecimal(int from, int digits) {
        return digits == 0 ? from : hexadecimal(builder.oneOf(from, "0123456789abcdefABCDEF"), digits - 1);
    }

    Rule string() {
        if (string == null) {
            string = builder.rule();
            int inside = builder.text(string.start(), "\"");
            builder.call(inside, character(), inside);
            builder.range(inside, '"', '"', string.end());
        }
        return string;
    }

    Rule number() {
        if (number == null) {
            number = builder.rule();
            int whole = builder.state();
            builder.skip(number.start(), whole);
            builder.range(number.start(), '-', '-', whole);
            int fraction = builder.state();
            builder.range(whole, '0', '0', fraction);
            int first = builder.state();
            builder.range(whole, '1', '9', first);
            builder.skip(first, fraction);
            digits(first, INTEGER_DIGITS - 1, fraction);
            int exponent = builder.state();
            builder.skip(fraction, exponent);
            digits(builder.text(fraction, "."), FRACTION_DIGITS, exponent);
            builder.skip(exponent, number.end());
            int power = builder.oneOf(exponent, "eE");
            int unsigned = builder.oneOf(power, "+-");
            builder.skip(power, unsigned);
            digits(unsigned, EXPONENT_DIGITS, number.end());
        }
        return number;
    }

    /** One digit or more, up to a number where that is bounded. */
    private void digits(int from, int most, int to) {
        int at = from;
        for (int count = 0; count < (bounded ? most : 1); count++) {
            int next = builder.state();
            builder.range(at, '0', '9', next);
            builder.skip(next, to);
            at = next;
        }
        if (!bounded) {
            builder.range(at, '0', '9', at);
        }
    }

    /** Any value. */
    Rule value() {
        if (value == null) {
            value = builder.rule();
            for (String literal : new String[] {"null", "true", "false"}) {
                builder.skip(builder.text(value.start(), literal), value.end());
            }
            builder.call(value.start(), string(), value.end());
            builder.call(value.start(), number(), value.end());
            builder.call(value.start(), array(), value.end());
            builder.call(value.start(), object(), value.end());
        }
        return value;
    }

    private Rule array() {
        if (array == null) {
            array = builder.rule();
            int open = space(builder.text(array.start(), "["));
            int after = builder.call(open, value());
            builder.call(separator(after, ","), value(), after);
            builder.range(open, ']', ']', array.end());
            builder.range(space(after), ']', ']', array.end());
        }
        return array;
    }

    /** Any object. */
    Rule object() {
        if (object == null) {
            object = builder.rule();
            int open = space(builder.text(object.start(), "{"));
            int after = builder.state();
            member(open, after);
            member(separator(after, ","), after);
            builder.range(open, '}', '}', object.end());
            builder.range(space(after), '}', '}', object.end());
        }
        return object;
    }

    private void member(int from, int to) {
        builder.call(separator(builder.call(from, string()), ":"), value(), to);
    }
}
