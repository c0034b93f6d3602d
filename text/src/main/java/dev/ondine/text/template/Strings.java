package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Strings counted in characters as Python counts them, one for each code point. */
final class Strings {

    private Strings() {
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            characters.add(Character.toString(text.codePointAt(i)));
        }
        return characters;
    }

    /** The character at an index, counted from the end if negative; absent outside. */
    static Object at(String text, long index) {
        int length = length(text);
        long position = index < 0 ? index + length : index;
        if (position < 0 || position >= length) {
            return Scope.ABSENT;
        }
        int at = length == text.length() ? (int) position : text.offsetByCodePoints(0, (int) position);
        return Character.toString(text.codePointAt(at));
    }

    /** {@code count} characters from {@code first} in steps of {@code stride}, all of them inside the text. */
    static String slice(String text, int first, long stride, int count) {
        if (count == 0) {
            return "";
        }
        if (stride == 1) {
            int begin = text.offsetByCodePoints(0, first);
            return text.substring(begin, text.offsetByCodePoints(begin, count));
        }
        int[] characters = codePoints(text);
        StringBuilder slice = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            slice.appendCodePoint(characters[(int) (first + i * stride)]);
        }
        return slice.toString();
    }

    private static int[] codePoints(String text) {
        int[] points = new int[length(text)];
        int at = 0;
        for (int i = 0; i < points.length; i++) {
            points[i] = text.codePointAt(at);
            at += Character.charCount(points[i]);
        }
        return points;
    }

    static String reversed(String text) {
        return slice(text, length(text) - 1, -1, length(text));
    }

    /** By code point, which differs from Java's order above the basic plane. */
    static int order(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean oneIsHigh = Character.isSurrogate(a) != Character.isSurrogate(b);
                return oneIsHigh ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** White space as Python's {@code str.isspace} sees it. */
    static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == 0x85;
    }

    static String strip(String text) {
        return strip(text, true, true);
    }

    private static String strip(String text, boolean left, boolean right) {
        int begin = 0;
        int end = text.length();
        while (left && begin < end && isSpace(text.charAt(begin))) {
            begin++;
        }
        while (right && begin < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    /** @param characters which ones to take away, or null for white space */
    static String strip(Run run, String text, String characters, boolean left, boolean right) {
        run.charge(text.length());
        if (characters == null) {
            return strip(text, left, right);
        }
        int begin = 0;
        int end = text.length();
        while (left && begin < end && contains(run, characters, text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        while (right && begin < end && contains(run, characters, text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    private static boolean contains(Run run, String characters, int character) {
        run.charge(characters.length() / 4);
        return characters.indexOf(character) >= 0;
    }

    static int indexOf(Run run, String text, String part, int from) {
        chargeSearch(run, text, part);
        return text.indexOf(part, from);
    }

    /** Charges for a search in the whole text at its worst, of which a short part asks little. */
    static void chargeSearch(Run run, String text, String part) {
        long starts = Math.max(0, text.length() - part.length() + 1);
        run.charge(text.length() + starts * part.length() / 32);
    }

    static int count(Run run, String text, String part) {
        if (part.isEmpty()) {
            return length(text) + 1;
        }
        chargeSearch(run, text, part);
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** @param most how many to replace at most, all if negative */
    static String replace(Run run, String text, String old, String fresh, long most) {
        chargeSearch(run, text, old);
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        int at = text.indexOf(old);
        for (long done = 0; at >= 0 && (most < 0 || done < most); done++) {
            run.charge(at - from + (long) fresh.length());
            replaced.append(text, from, at).append(fresh);
            from = at + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    return replaced.toString();
                }
                int next = text.offsetByCodePoints(at, 1);
                replaced.append(text, at, next);
                from = next;
            }
            at = text.indexOf(old, from);
        }
        run.charge(text.length() - from);
        return replaced.append(text, from, text.length()).toString();
    }

    static String repeat(Run run, String text, long times) {
        if (times <= 0 || text.isEmpty()) {
            return "";
        }
        run.charge(times > Integer.MAX_VALUE ? times : times * text.length());
        return text.repeat((int) times);
    }

    /** Every word with a capital first letter and small ones behind, as {@code str.title} does it. */
    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            title.appendCodePoint(inWord ? Character.toLowerCase(character) : Character.toTitleCase(character));
            inWord = isCased(character);
        }
        return title.toString();
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return Character.toString(Character.toTitleCase(text.codePointAt(0))) + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    static boolean isCased(int character) {
        return Character.isUpperCase(character) || Character.isLowerCase(character) || Character.isTitleCase(character);
    }

    /** Whether there is a letter with case and every one has the case asked for. */
    static boolean isAllOfCase(String text, boolean upper) {
        boolean found = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            if (isCased(character)) {
                if (upper ? !Character.isUpperCase(character) : !Character.isLowerCase(character)) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    static boolean isLineBreak(char character) {
        return character >= '\n' && character <= '\r' || character >= 0x1c && character <= 0x1e
                || character == 0x85 || character == 0x2028 || character == 0x2029;
    }

    /** @param keepBreaks whether each line keeps its line break */
    static List<Object> lines(Run run, String text, boolean keepBreaks) {
        List<Object> lines = new ArrayList<>();
        run.charge(text.length());
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isLineBreak(text.charAt(i))) {
                int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
                run.chargeElements(1);
                lines.add(text.substring(begin, keepBreaks ? next : i));
                begin = next;
                i = next - 1;
            }
        }
        if (begin < text.length()) {
            lines.add(text.substring(begin));
        }
        return lines;
    }
}
