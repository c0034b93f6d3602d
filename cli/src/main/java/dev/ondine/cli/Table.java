package dev.ondine.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A table of text as Markdown writes it, its columns aligned. */
final class Table {

    private Table() {
    }

    /**
     * @param rows        of equal length, the first is the head
     * @param textColumns stand left, the others, numbers, right
     */
    static List<String> aligned(List<String[]> rows, Set<Integer> textColumns) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        rows.forEach(row -> Arrays.setAll(widths, column -> Math.max(widths[column], row[column].length())));
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("|");
            for (int column = 0; column < columns; column++) {
                String gap = " ".repeat(widths[column] - row[column].length());
                line.append(' ').append(textColumns.contains(column) ? row[column] + gap : gap + row[column]).append(" |");
            }
            lines.add(line.toString());
        }
        lines.add(1, ruler(widths, textColumns));
        return lines;
    }

    private static String ruler(int[] widths, Set<Integer> textColumns) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            line.append(' ').append("-".repeat(widths[column])).append(textColumns.contains(column) ? " |" : ":|");
        }
        return line.toString();
    }
}
