package dev.ondine.text.grammar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Reads regular expressions of ECMAScript as far as automata can follow them: no back-references, look-ahead only at the start, and
 * anchors only at the ends of the whole expression or of its alternatives.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-core#section-6.4">JSON Schema, regular expressions</a>
 */
final class PatternParser {

    private static final int MOST_NESTED = 50;
    static final int MOST_REPEATS = 1_000;
    private static final PatternNode ANY_TEXT = new PatternNode.Repeat(new PatternNode.Characters(CharSet.ALL), 0, Integer.MAX_VALUE);
    private static final CharSet LINE_ENDS = CharSet.of("\n\r\u2028\u2029");
    private static final CharSet DIGITS = CharSet.of('0', '9');
    private static final CharSet WORD = CharSet.of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    private static final CharSet SPACE = CharSet.of("\t\n\u000B\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
            + "\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF");

    private final int[] source;
    private final String shown;
    private int at;
    private int nested;

    /** Says what is wrong with an expression, without the place. */
    static final class PatternException extends RuntimeException {

        private static final long serialVersionUID = 1;

        PatternException(String message) {
            super(message, null, false, false);
        }
    }

    PatternParser(String source) {
        this.source = source.codePoints().toArray();
        this.shown = source.length() <= 80 ? source : source.substring(0, 80) + "…";
    }

    /**
     * The strings that match, described from end to end, where the expression itself may match a part of them.
     *
     * @param ahead what look-ahead at the start asks for or forbids
     */
    record Parsed(PatternNode whole, List<LookAhead> ahead) { }

    /** @param start how strings that are meant begin, described from end to end */
    record LookAhead(PatternNode start, boolean forbids) { }

    Parsed parse() {
        List<PatternNode> branches = new ArrayList<>();
        List<LookAhead> ahead = new ArrayList<>();
        do {
            List<PatternNode> parts = new ArrayList<>();
            if (take('^')) {
                lookAhead(ahead);
            } else {
                parts.add(ANY_TEXT);
            }
            parts.add(sequence());
            if (!take('$')) {
                parts.add(ANY_TEXT);
            }
            branches.add(new PatternNode.Sequence(parts));
        } while (take('|'));
        if (at < source.length) {
            throw refusal("expected the end");
        }
        if (branches.size() > 1 && !ahead.isEmpty()) {
            throw refusal("found look-ahead beside alternatives; put them into a group");
        }
        return new Parsed(new PatternNode.Choice(branches), ahead);
    }

    private void lookAhead(List<LookAhead> ahead) {
        while (at + 2 < source.length && source[at] == '(' && source[at + 1] == '?' && (source[at + 2] == '=' || source[at + 2] == '!')) {
            boolean forbids = source[at + 2] == '!';
            at += 3;
            ahead.add(new LookAhead(new PatternNode.Sequence(List.of(restOfGroup(), ANY_TEXT)), forbids));
        }
    }

    private boolean take(int character) {
        boolean found = at < source.length && source[at] == character;
        at += found ? 1 : 0;
        return found;
    }

    private boolean sees(String characters) {
        return at < source.length && characters.indexOf(source[at]) >= 0;
    }

    private int next() {
        if (at == source.length) {
            throw refusal("expected more");
        }
        return source[at++];
    }

    private PatternException refusal(String problem) {
        return new PatternException("in the pattern '" + shown + "' at " + at + ": " + problem);
    }

    private PatternNode sequence() {
        List<PatternNode> parts = new ArrayList<>();
        while (at < source.length && !sees("|)") && !(source[at] == '$' && endsBranch())) {
            parts.add(repeated(atom()));
        }
        return new PatternNode.Sequence(parts);
    }

    /** Whether the dollar here ends a branch of the whole expression. */
    private boolean endsBranch() {
        return nested == 0 && (at + 1 == source.length || source[at + 1] == '|');
    }

    private PatternNode atom() {
        int character = next();
        return switch (character) {
            case '(' -> group();
            case '[' -> new PatternNode.Characters(characterClass());
            case '.' -> new PatternNode.Characters(LINE_ENDS.complement());
            case '\\' -> new PatternNode.Characters(escape(false));
            case '^', '$' -> throw refusal("found an anchor inside, expected it only at the ends of the expression or a branch of it");
            case '*', '+', '?', '{' -> throw refusal("found nothing to repeat");
            default -> new PatternNode.Characters(CharSet.of(character, character));
        };
    }

    private PatternNode group() {
        if (take('?')) {
            int kind = next();
            if (kind == '<' && !sees("=!")) {
                while (next() != '>') {
                    continue;
                }
            } else if (kind != ':') {
                throw refusal("found look-around or an option, which is not supported here");
            }
        }
        return restOfGroup();
    }

    private PatternNode restOfGroup() {
        if (++nested > MOST_NESTED) {
            throw refusal("groups nest more than " + MOST_NESTED + " deep");
        }
        List<PatternNode> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (take('|'));
        if (!take(')')) {
            throw refusal("expected ')'");
        }
        nested--;
        return new PatternNode.Choice(branches);
    }

    private PatternNode repeated(PatternNode node) {
        if (!sees("*+?{")) {
            return node;
        }
        PatternNode repeated = switch (next()) {
            case '*' -> new PatternNode.Repeat(node, 0, Integer.MAX_VALUE);
            case '+' -> new PatternNode.Repeat(node, 1, Integer.MAX_VALUE);
            case '?' -> new PatternNode.Repeat(node, 0, 1);
            default -> counted(node);
        };
        // A lazy quantifier matches the same strings.
        take('?');
        if (sees("*+?{")) {
            throw refusal("found a second quantifier");
        }
        return repeated;
    }

    private PatternNode counted(PatternNode node) {
        int min = count();
        int max = min;
        if (take(',')) {
            max = sees("}") ? Integer.MAX_VALUE : count();
        }
        if (!take('}') || min > max) {
            throw refusal("expected {n}, {n,} or {n,m}");
        }
        return new PatternNode.Repeat(node, min, max);
    }

    private int count() {
        int count = 0;
        int from = at;
        while (sees("0123456789") && count <= MOST_REPEATS) {
            count = count * 10 + next() - '0';
        }
        if (at == from || count > MOST_REPEATS) {
            throw refusal("expected a number of repetitions up to " + MOST_REPEATS);
        }
        return count;
    }

    private CharSet characterClass() {
        boolean negated = take('^');
        BitSet bits = new BitSet();
        while (!take(']')) {
            CharSet first = classAtom();
            boolean isRange = sees("-") && at + 1 < source.length && source[at + 1] != ']';
            if (isRange) {
                at++;
                int low = single(first);
                int high = single(classAtom());
                if (low > high) {
                    throw refusal("found a range whose end comes before its start");
                }
                bits.set(low, high + 1);
            } else {
                first.addTo(bits);
            }
        }
        CharSet set = CharSet.of(bits);
        return negated ? set.complement() : set;
    }

    private CharSet classAtom() {
        int character = next();
        return character == '\\' ? escape(true) : CharSet.of(character, character);
    }

    private int single(CharSet set) {
        if (set.ranges().size() != 1 || set.ranges().getFirst().low() != set.ranges().getFirst().high()) {
            throw refusal("expected single characters around '-'");
        }
        return set.ranges().getFirst().low();
    }

    private CharSet escape(boolean inClass) {
        int character = next();
        return switch (character) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> SPACE;
            case 'S' -> SPACE.complement();
            case 't' -> CharSet.of("\t");
            case 'n' -> CharSet.of("\n");
            case 'r' -> CharSet.of("\r");
            case 'f' -> CharSet.of("\f");
            case 'v' -> CharSet.of("\u000B");
            case 'x' -> hexadecimal(2);
            case 'u' -> sees("{") ? braced() : hexadecimal(4);
            case 'b' -> {
                if (inClass) {
                    yield CharSet.of("\b");
                }
                throw refusal("found \\b, which is not supported");
            }
            default -> {
                if (Character.isLetterOrDigit(character)) {
                    throw refusal("found \\" + Character.toString(character) + ", which is not supported");
                }
                yield CharSet.of(character, character);
            }
        };
    }

    private CharSet hexadecimal(int digits) {
        int value = 0;
        for (int index = 0; index < digits; index++) {
            value = value * 16 + digit();
        }
        return CharSet.of(value, value);
    }

    private int digit() {
        int digit = Character.digit(next(), 16);
        if (digit < 0) {
            throw refusal("expected a hexadecimal digit");
        }
        return digit;
    }

    private CharSet braced() {
        next();
        int value = 0;
        while (!take('}')) {
            value = value * 16 + digit();
            if (value > Character.MAX_CODE_POINT) {
                throw refusal("expected a code point up to 10FFFF");
            }
        }
        return CharSet.of(value, value);
    }
}
