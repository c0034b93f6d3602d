package dev.ondine.explorer.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table as lines of text for a terminal of fixed width. Columns that find no room follow below, beside the first column again. */
public final class TerminalTable {

    private static final String GAP = "  ";

    private TerminalTable() {
    }

    /** @throws IllegalArgumentException if the width is below {@link TerminalChart#LEAST_WIDTH} */
    public static String draw(Table table, int width) {
        TerminalChart.requireWidth(width);
        int most = (width - GAP.length()) / 2;
        int[] widths = IntStream.range(0, table.columns().size()).map(column -> Math.min(most, widest(table, column))).toArray();
        List<String> lines = new ArrayList<>(WrappedText.wrap(table.title(), width, ""));
        for (int from = 1; from < widths.length;) {
            int to = from;
            int used = widths[0];
            while (to < widths.length && used + GAP.length() + widths[to] <= width) {
                used += GAP.length() + widths[to++];
            }
            lines.add("");
            lines.addAll(part(table, widths, from, to));
            from = to;
        }
        return WrappedText.joined(lines);
    }

    private static int widest(Table table, int column) {
        int heading = table.columns().get(column).length();
        return Math.max(heading, table.rows().stream().mapToInt(row -> row.get(column).brief().length()).max().orElse(0));
    }

    private static List<String> part(Table table, int[] widths, int from, int to) {
        int[] columns = IntStream.concat(IntStream.of(0), IntStream.range(from, to)).toArray();
        List<String> lines = new ArrayList<>();
        lines.add(line(columns, widths, table.columns(), table));
        lines.add("─".repeat(lines.getFirst().length()));
        table.rows().forEach(row -> lines.add(line(columns, widths, row.stream().map(Table.Cell::brief).toList(), table)));
        return lines;
    }

    private static String line(int[] columns, int[] widths, List<String> cells, Table table) {
        StringBuilder line = new StringBuilder();
        for (int column : columns) {
            String text = WrappedText.cut(cells.get(column), widths[column]);
            String room = " ".repeat(widths[column] - text.length());
            line.append(line.isEmpty() ? "" : GAP).append(isNumeric(table, column) ? room + text : text + room);
        }
        return line.toString();
    }

    private static boolean isNumeric(Table table, int column) {
        return !table.rows().isEmpty() && table.rows().getFirst().get(column) instanceof Table.Amount;
    }
}
