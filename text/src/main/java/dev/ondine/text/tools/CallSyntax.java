package dev.ondine.text.tools;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The marks of a {@link ToolCallFormat}.
 *
 * @param opening      before calls
 * @param closing      after calls, or null
 * @param argumentsKey the key of the arguments in the object of a call; null where the object is the arguments
 * @param header       what stands before the arguments where they are named from outside, else null
 */
record CallSyntax(String opening, String closing, String argumentsKey, Kind kind, Header header) {

    static final Pattern DEEPSEEK_HEADER = Pattern.compile("\\s*(?:<｜tool▁call▁begin｜>)?\\s*(?:function<｜tool▁sep｜>)?([\\w.:/-]+)"
            + "(?:<｜tool▁sep｜>)?\\s*(?:```json)?\\s*");

    private static final Pattern MARK = Pattern.compile("</?\\|?/?\\w+\\|?>|<｜[^｜]+｜>|\\[[A-Z_]+]");

    /** What follows the opening mark. */
    enum Kind {
        /** One object with name and arguments. */
        OBJECT,
        /** The same, and it may stand at the start of an answer without a mark. */
        BARE_OBJECT,
        /** A list of such objects. */
        LIST,
        /** A name, and the object of arguments. */
        NAMED
    }

    /**
     * What surrounds the name where it stands outside the object.
     *
     * @param pattern what may stand before the arguments; its first group is the name
     */
    record Header(String before, String between, String after, Pattern pattern) { }

    /** Marks with which calls begin. */
    List<String> openings() {
        boolean eachOpens = header != null && !header.before.isEmpty();
        return eachOpens ? List.of(opening, split(header.before).getFirst()) : List.of(opening);
    }

    /** What may stand after a call and is no text. */
    List<String> connections() {
        List<String> connections = new ArrayList<>();
        if (closing != null) {
            connections.add(closing);
        }
        switch (kind) {
            case OBJECT -> { }
            case BARE_OBJECT -> connections.add(";");
            case LIST -> connections.addAll(List.of(",", "]"));
            case NAMED -> split(header.after).stream().map(String::strip).filter(piece -> !piece.isEmpty()).forEach(connections::add);
        }
        return connections;
    }

    /** The names of control tokens in it. */
    Set<String> marks() {
        String all = header == null ? "" : header.before + header.between + header.after + "[CALL_ID]";
        Set<String> marks = new LinkedHashSet<>(split(opening + (closing == null ? "" : closing) + all));
        marks.removeIf(piece -> !MARK.matcher(piece).matches());
        return marks;
    }

    /** The text cut before and after marks. */
    static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = MARK.matcher(text);
        int done = 0;
        while (matcher.find()) {
            pieces.add(text.substring(done, matcher.start()));
            pieces.add(matcher.group());
            done = matcher.end();
        }
        pieces.add(text.substring(done));
        pieces.removeIf(String::isEmpty);
        return pieces;
    }
}
