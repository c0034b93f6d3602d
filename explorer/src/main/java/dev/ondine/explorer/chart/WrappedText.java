package dev.ondine.explorer.chart;

import java.util.ArrayList;
import java.util.List;

/** Text broken into lines of a fixed width. */
final class WrappedText {

    private static final String BETWEEN = "   ";

    private WrappedText() {
    }

    /** Breaks between words; a word that is wider than a line is cut. @param indent of all lines but the first */
    static List<String> wrap(String text, int width, String indent) {
        return fill("", List.of(text.strip().split("\\s+")), " ", width, indent);
    }

    /** Breaks between items only, if an item fits on a line. @param heading before the first; the rest stands under its end */
    static List<String> flow(String heading, List<String> items, int width) {
        return fill(heading, items, BETWEEN, width, " ".repeat(heading.length()));
    }

    private static List<String> fill(String heading, List<String> items, String between, int width, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(heading);
        boolean started = false;
        for (String item : items) {
            if (started && line.length() + between.length() + item.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                started = false;
            }
            line.append(started ? between : "").append(item);
            started = true;
            while (line.length() > width) {
                int cut = cutBefore(line, width, indent.length());
                lines.add(line.substring(0, cut).stripTrailing());
                line = new StringBuilder(indent).append(line.substring(cut).stripLeading());
            }
        }
        lines.add(line.toString());
        return lines;
    }

    private static int cutBefore(StringBuilder line, int width, int indent) {
        int space = line.lastIndexOf(" ", width);
        return space > indent ? space : width;
    }

    /** At most so many characters; a cut text ends in a dot that says so. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    static String joined(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.stripTrailing()).append('\n'));
        return text.toString();
    }
}
