package dev.ondine.roofline.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parser of card files: {@code [id]} lines, {@code key: text} lines, comments from {@code #} at the start of a line. */
final class CardFile {

    private static final Pattern HEADING = Pattern.compile("\\[([a-z0-9][a-z0-9.-]*)]");
    private static final Pattern FIELD = Pattern.compile("([a-z0-9][a-z0-9 _.-]*?)\\s*:\\s*(.*)");

    private final String file;
    private final List<Card> cards = new ArrayList<>();
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private String id = "";
    private int idLine;
    private int line;

    private CardFile(String file) {
        this.file = file;
    }

    /**
     * The cards of a file, in its order.
     *
     * @param file its name, for errors
     * @throws IllegalArgumentException with file and line, if a line is neither heading, field nor comment, a key comes twice in a
     *         card, or an id twice in the file
     */
    static List<Card> parse(String file, String text) {
        CardFile parser = new CardFile(file);
        text.lines().forEach(parser::take);
        parser.finish();
        return parser.cards;
    }

    private void take(String raw) {
        line++;
        String content = raw.strip();
        if (content.isEmpty() || content.startsWith("#")) {
            return;
        }
        if (content.startsWith("[")) {
            begin(content);
        } else {
            add(content);
        }
    }

    private void begin(String content) {
        Matcher heading = HEADING.matcher(content);
        if (!heading.matches()) {
            throw wrong("\"%s\" is no id, expected [lower-case letters, digits, dots and dashes]".formatted(content));
        }
        finish();
        id = heading.group(1);
        idLine = line;
        cards.stream().filter(card -> card.id().equals(id)).findAny().ifPresent(first -> {
            throw wrong("[%s] is in line %d already".formatted(id, first.line()));
        });
    }

    private void add(String content) {
        Matcher matcher = FIELD.matcher(content);
        if (!matcher.matches()) {
            throw wrong("\"%s\" is neither \"[id]\" nor \"key: value\" with a lower-case key".formatted(content));
        }
        if (id.isEmpty()) {
            throw wrong("\"%s\" comes before the first [id]".formatted(content));
        }
        Field field = new Field(matcher.group(1), matcher.group(2), file, line);
        if (field.text().isEmpty()) {
            throw field.wrong("\"%s:\" has no value".formatted(field.key()));
        }
        Field first = fields.putIfAbsent(field.key(), field);
        if (first != null) {
            throw field.wrong("\"%s\" of [%s] is in line %d already".formatted(field.key(), id, first.line()));
        }
    }

    private void finish() {
        if (!id.isEmpty()) {
            cards.add(new Card(id, file, idLine, fields));
            fields.clear();
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("%s:%d: %s".formatted(file, line, what));
    }
}
