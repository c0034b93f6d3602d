package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The methods of Python's {@code str}. */
final class StringMethods {

    static final Set<String> NAMES = Set.of("strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith",
            "endswith", "upper", "lower", "casefold", "title", "capitalize", "swapcase", "replace", "find", "rfind", "index",
            "rindex", "count", "join", "format", "isdigit", "isnumeric", "isdecimal", "isalpha", "isalnum", "isspace",
            "isupper", "islower", "removeprefix", "removesuffix", "partition", "rpartition", "center", "ljust", "rjust", "zfill");

    private StringMethods() {
    }

    static Object call(Run run, String text, String name, Arguments arguments) {
        run.charge(text.length());
        return switch (name) {
            case "strip" -> strip(run, text, name, arguments, true, true);
            case "lstrip" -> strip(run, text, name, arguments, true, false);
            case "rstrip" -> strip(run, text, name, arguments, false, true);
            case "split", "rsplit" -> split(run, text, name, arguments);
            case "splitlines" -> Strings.lines(run, text, Values.isTrue(
                    Arguments.or(arguments.bind(run, name, 0, "keepends")[0], false)));
            case "startswith", "endswith" -> hasAffix(run, text, name, arguments);
            case "replace" -> replace(run, text, arguments);
            case "find", "rfind", "index", "rindex" -> find(run, text, name, arguments);
            case "count" -> (long) Strings.count(run, text, part(run, name, arguments));
            case "join" -> join(run, text, Values.elements(run, arguments.bind(run, name, 1, "iterable")[0]));
            case "format" -> FieldFormat.format(run, text, arguments);
            case "removeprefix", "removesuffix" -> withoutAffix(text, name, part(run, name, arguments));
            case "partition", "rpartition" -> partition(run, text, name, part(run, name, arguments));
            case "center", "ljust", "rjust", "zfill" -> justify(run, text, name, arguments);
            default -> {
                arguments.bind(run, name, 0);
                yield name.startsWith("is") ? (Object) isAll(text, name) : converted(text, name);
            }
        };
    }

    private static String part(Run run, String name, Arguments arguments) {
        return Values.string(run, arguments.bind(run, name, 1, "part")[0], "the argument of " + name);
    }

    private static String strip(Run run, String text, String name, Arguments arguments, boolean left, boolean right) {
        Object characters = Arguments.or(arguments.bind(run, name, 0, "chars")[0], null);
        return Strings.strip(run, text, characters == null ? null : Values.string(run, characters, "the argument of " + name), left, right);
    }

    private static String converted(String text, String name) {
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "title" -> Strings.title(text);
            case "capitalize" -> Strings.capitalized(text);
            case "swapcase" -> swapped(text);
            default -> text.toLowerCase(Locale.ROOT);
        };
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            swapped.appendCodePoint(Character.isUpperCase(character) ? Character.toLowerCase(character) : Character.toUpperCase(character));
        }
        return swapped.toString();
    }

    private static boolean isAll(String text, String name) {
        if (name.equals("isupper") || name.equals("islower")) {
            return Strings.isAllOfCase(text, name.equals("isupper"));
        }
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            boolean fits = switch (name) {
                case "isspace" -> Strings.isSpace(character);
                case "isalpha" -> Character.isLetter(character);
                case "isalnum" -> Character.isLetterOrDigit(character);
                default -> Character.isDigit(character);
            };
            if (!fits) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static Object split(Run run, String text, String name, Arguments arguments) {
        Object[] bound = arguments.bind(run, name, 0, "sep", "maxsplit");
        long most = Values.integer(run, Arguments.or(bound[1], -1L), "maxsplit");
        Object separator = Arguments.or(bound[0], null);
        boolean fromRight = name.equals("rsplit");
        if (separator == null) {
            return fromRight ? wordsFromRight(run, text, most) : words(run, text, most);
        }
        String part = Values.string(run, separator, "the separator of " + name);
        if (part.isEmpty()) {
            throw run.error("found an empty separator of " + name + ", expected some characters");
        }
        Strings.chargeSearch(run, text, part);
        return fromRight ? splitFromRight(run, text, part, most) : splitFromLeft(run, text, part, most);
    }

    private static List<Object> splitFromLeft(Run run, String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && (most < 0 || parts.size() < most)) {
            run.chargeElements(1);
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> splitFromRight(Run run, String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        int at = text.lastIndexOf(separator);
        while (at >= 0 && (most < 0 || parts.size() < most)) {
            run.chargeElements(1);
            parts.add(text.substring(at + separator.length(), end));
            end = at;
            at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** Splits at runs of white space; what is left after {@code most} splits stays whole. */
    private static List<Object> words(Run run, String text, long most) {
        List<Object> words = new ArrayList<>();
        int begin = edge(text, 0, true);
        while (begin < text.length() && (most < 0 || words.size() < most)) {
            int end = edge(text, begin, false);
            run.chargeElements(1);
            words.add(text.substring(begin, end));
            begin = edge(text, end, true);
        }
        if (begin < text.length()) {
            words.add(text.substring(begin));
        }
        return words;
    }

    /** Where white space, or what is not white space, ends. */
    private static int edge(String text, int from, boolean space) {
        int end = from;
        while (end < text.length() && Strings.isSpace(text.charAt(end)) == space) {
            end++;
        }
        return end;
    }

    private static List<Object> wordsFromRight(Run run, String text, long most) {
        List<Object> words = new ArrayList<>();
        int end = edgeBefore(text, text.length(), true);
        while (end > 0 && (most < 0 || words.size() < most)) {
            int begin = edgeBefore(text, end, false);
            run.chargeElements(1);
            words.add(text.substring(begin, end));
            end = edgeBefore(text, begin, true);
        }
        if (end > 0) {
            words.add(text.substring(0, end));
        }
        Collections.reverse(words);
        return words;
    }

    private static int edgeBefore(String text, int from, boolean space) {
        int begin = from;
        while (begin > 0 && Strings.isSpace(text.charAt(begin - 1)) == space) {
            begin--;
        }
        return begin;
    }

    private static boolean hasAffix(Run run, String text, String name, Arguments arguments) {
        Object[] bound = arguments.bind(run, name, 1, name.equals("startswith") ? "prefix" : "suffix", "start", "end");
        Object sliced = Access.slice(run, text, position(run, bound[1]), position(run, bound[2]), null);
        List<Object> affixes = bound[0] instanceof Tuple tuple ? tuple.items() : Collections.singletonList(bound[0]);
        for (Object affix : affixes) {
            run.step();
            String part = Values.string(run, affix, "the argument of " + name);
            if (name.equals("startswith") ? ((String) sliced).startsWith(part) : ((String) sliced).endsWith(part)) {
                return true;
            }
        }
        return false;
    }

    private static Long position(Run run, Object value) {
        return value == Scope.ABSENT || value == null ? null : (Long) Values.integer(run, value, "a position");
    }

    private static String replace(Run run, String text, Arguments arguments) {
        Object[] bound = arguments.bind(run, "replace", 2, "old", "new", "count");
        return Strings.replace(run, text, Values.string(run, bound[0], "the first argument of replace"),
                Values.string(run, bound[1], "the second argument of replace"),
                Values.integer(run, Arguments.or(bound[2], -1L), "the count of replace"));
    }

    private static Object find(Run run, String text, String name, Arguments arguments) {
        Object[] bound = arguments.bind(run, name, 1, "sub", "start", "end");
        String part = Values.string(run, bound[0], "the argument of " + name);
        Long start = position(run, bound[1]);
        int length = Strings.length(text);
        String searched = (String) Access.slice(run, text, start, position(run, bound[2]), null);
        Strings.chargeSearch(run, searched, part);
        int at = name.startsWith("r") ? searched.lastIndexOf(part) : searched.indexOf(part);
        if (at < 0 || start != null && start > length) {
            if (name.endsWith("index")) {
                throw run.error("found no such part in the text of " + name + ", expected one");
            }
            return -1L;
        }
        long skipped = start == null ? 0 : Math.max(0, start < 0 ? start + length : start);
        return skipped + searched.codePointCount(0, at);
    }

    static String join(Run run, String separator, List<Object> items) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            String item = Values.string(run, items.get(i), "an element to join");
            run.step();
            run.charge((long) item.length() + separator.length());
            joined.append(i == 0 ? "" : separator).append(item);
        }
        return joined.toString();
    }

    private static String withoutAffix(String text, String name, String part) {
        if (name.equals("removeprefix")) {
            return text.startsWith(part) ? text.substring(part.length()) : text;
        }
        return text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
    }

    private static Tuple partition(Run run, String text, String name, String separator) {
        if (separator.isEmpty()) {
            throw run.error("found an empty separator of " + name + ", expected some characters");
        }
        Strings.chargeSearch(run, text, separator);
        boolean first = name.equals("partition");
        int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
        if (at < 0) {
            return first ? Tuple.of(text, "", "") : Tuple.of("", "", text);
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static String justify(Run run, String text, String name, Arguments arguments) {
        Object[] bound = arguments.bind(run, name, 1, "width", "fillchar");
        String fill = name.equals("zfill") ? "0" : Values.string(run, Arguments.or(bound[1], " "), "the fill character");
        if (Strings.length(fill) != 1) {
            throw run.error("found a fill of " + Strings.length(fill) + " characters, expected one");
        }
        long missing = Math.max(0, Values.integer(run, bound[0], "the width of " + name) - Strings.length(text));
        long width = missing + Strings.length(text);
        long left = switch (name) {
            case "ljust" -> 0;
            case "center" -> missing / 2 + (missing & width & 1);
            default -> missing;
        };
        int sign = name.equals("zfill") && (text.startsWith("-") || text.startsWith("+")) ? 1 : 0;
        return text.substring(0, sign) + Strings.repeat(run, fill, left) + text.substring(sign) + Strings.repeat(run, fill, missing - left);
    }
}
