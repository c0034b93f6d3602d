package dev.ondine.text.template;

import java.util.List;
import java.util.Locale;

/** The filters on text. Each takes any value and works on its text. */
final class TextFilters {

    private TextFilters() {
    }

    static String trim(Run run, String text, Arguments arguments) {
        Object characters = Arguments.or(arguments.bind(run, "trim", 0, "chars")[0], null);
        return Strings.strip(run, text, characters == null ? null : Values.string(run, characters, "the argument of trim"), true, true);
    }

    /** A capital after every blank, hyphen and opening bracket, unlike {@code str.title}. */
    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean starts = true;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            String character = Character.toString(text.codePointAt(i));
            title.append(starts ? character.toUpperCase(Locale.ROOT) : character.toLowerCase(Locale.ROOT));
            starts = Strings.isSpace(text.codePointAt(i)) || "-({[<".contains(character);
        }
        return title.toString();
    }

    static String replace(Run run, String text, Arguments arguments) {
        Object[] bound = arguments.bind(run, "replace", 2, "old", "new", "count");
        Object count = Arguments.or(bound[2], null);
        return Strings.replace(run, text, PythonText.str(run, bound[0]), PythonText.str(run, bound[1]),
                count == null ? -1 : Values.integer(run, count, "the count of replace"));
    }

    static String escape(Run run, String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\'' -> escaped.append("&#39;");
                case '"' -> escaped.append("&#34;");
                default -> escaped.append(character);
            }
        }
        run.charge(escaped.length());
        return escaped.toString();
    }

    static String indent(Run run, String text, Arguments arguments) {
        Object[] bound = arguments.bind(run, "indent", 0, "width", "first", "blank");
        Object width = Arguments.or(bound[0], 4L);
        String margin = width instanceof String given ? given
                : Strings.repeat(run, " ", Values.integer(run, width, "the width of indent"));
        boolean blank = Values.isTrue(Arguments.or(bound[2], false));
        List<Object> lines = Strings.lines(run, text.concat("\n"), false);
        StringBuilder indented = new StringBuilder();
        indented.append(Values.isTrue(Arguments.or(bound[1], false)) ? margin : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            run.charge((long) margin.length() + line.length());
            if (i > 0) {
                indented.append('\n').append(blank || !line.isEmpty() ? margin : "");
            }
            indented.append(line);
        }
        return indented.toString();
    }

    static String truncate(Run run, String text, Arguments arguments) {
        Object[] bound = arguments.bind(run, "truncate", 0, "length", "killwords", "end", "leeway");
        long length = Values.integer(run, Arguments.or(bound[0], 255L), "the length of truncate");
        String end = Values.string(run, Arguments.or(bound[2], "..."), "the end of truncate");
        long leeway = Values.integer(run, Arguments.or(bound[3], 5L), "the leeway of truncate");
        long kept = length - Strings.length(end);
        if (kept < 0 || leeway < 0) {
            throw run.error("found a length of " + length + " and a leeway of " + leeway + " of truncate, expected larger ones");
        }
        int whole = Strings.length(text);
        if (whole <= length || whole - length <= leeway) {
            return text;
        }
        String start = Strings.slice(text, 0, 1, (int) kept);
        int blank = start.lastIndexOf(' ');
        boolean cutsWords = Values.isTrue(Arguments.or(bound[1], false));
        run.charge((long) start.length() + end.length());
        return (cutsWords || blank < 0 ? start : start.substring(0, blank)) + end;
    }

    static long wordCount(String text) {
        long words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            boolean part = character == '_' || Character.isLetterOrDigit(character);
            words += part && !inWord ? 1 : 0;
            inWord = part;
        }
        return words;
    }

    /** The {@code format} filter: the {@code %} operator with the arguments as values. */
    static String format(Run run, String text, Arguments arguments) {
        if (arguments.named().isEmpty()) {
            return PrintFormat.format(run, text, new Tuple(arguments.positional(), false));
        } else if (!arguments.positional().isEmpty()) {
            throw run.error("found positional and named arguments of format, expected either");
        }
        return PrintFormat.format(run, text, arguments.named());
    }
}
