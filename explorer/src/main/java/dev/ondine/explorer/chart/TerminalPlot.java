package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import java.util.ArrayList;
import java.util.List;

/** Lines and points in a frame of characters. A line series has a letter, a series of points has a shape. */
final class TerminalPlot {

    private static final int ROWS = 22;
    private static final int GUTTER = 8;
    private static final int Y_TICKS = 8;
    private static final int COLUMNS_A_TICK = 9;
    private static final int COLUMNS_BETWEEN_LETTERS = 7;
    private static final String FULL_SHAPES = "●■▲◆★▼";
    private static final String HOLLOW_SHAPES = "○□△◇☆▽";

    private final Chart chart;
    private final int width;
    private final AxisRange x;
    private final AxisRange y;
    private final BrailleCanvas canvas;

    /** Labels that found no room. */
    private int unwritten;

    TerminalPlot(Chart chart, int width) {
        this.chart = chart;
        this.width = width;
        x = chart.rangeOfX();
        y = chart.rangeOfY();
        canvas = new BrailleCanvas(width - GUTTER - 1, ROWS);
    }

    List<String> lines() {
        chart.series().stream().filter(one -> one.style() == Style.LINE).forEach(this::joinPoints);
        List<String> legend = new ArrayList<>();
        chart.series().forEach(one -> legend.add(mark(one) + " " + one.name()));
        chart.series().forEach(this::labelPoints);
        chart.references().forEach(this::rule);
        List<String> lines = new ArrayList<>();
        lines.add(chart.y().heading());
        lines.addAll(framed());
        lines.addAll(bottom());
        lines.addAll(WrappedText.flow("", legend, width));
        lines.addAll(remarks());
        return lines;
    }

    private void joinPoints(Series series) {
        List<Point> points = series.points();
        for (int i = 1; i < points.size(); i++) {
            Point from = points.get(i - 1);
            Point to = points.get(i);
            canvas.line(x.position(from.x()), y.position(from.y()), x.position(to.x()), y.position(to.y()));
        }
    }

    /** Puts the marks of a series. @return the mark, for the legend */
    private String mark(Series series) {
        char full = series.style() == Style.LINE ? letter(series) : shape(series, FULL_SHAPES);
        char hollow = series.style() == Style.LINE ? full : shape(series, HOLLOW_SHAPES);
        int next = 0;
        for (Point point : series.points()) {
            int column = canvas.column(x.position(point.x()));
            int row = canvas.row(y.position(point.y()));
            if (series.style() == Style.POINTS || column >= next && !canvas.hasText(column, row)) {
                canvas.put(column, row, point.hollow() ? hollow : full);
                next = column + COLUMNS_BETWEEN_LETTERS;
            }
        }
        boolean both = full != hollow && series.points().stream().anyMatch(Point::hollow);
        return both ? full + "" + hollow : full + "";
    }

    private char letter(Series series) {
        return (char) ('a' + ordinal(series) % 26);
    }

    private char shape(Series series, String shapes) {
        return shapes.charAt(ordinal(series) % shapes.length());
    }

    private int ordinal(Series series) {
        return chart.series().stream().filter(one -> one.style() == series.style()).toList().indexOf(series);
    }

    private void labelPoints(Series series) {
        for (Point point : series.points()) {
            if (!point.label().isEmpty()) {
                int column = canvas.column(x.position(point.x()));
                int row = canvas.row(y.position(point.y()));
                String label = point.label();
                boolean written = canvas.write(column + 1, row, " " + label) || canvas.write(column - label.length() - 1, row, label + " ")
                        || canvas.write(column, row - 1, label) || canvas.write(column, row + 1, label);
                unwritten += written ? 0 : 1;
            }
        }
    }

    private void rule(ReferenceLine line) {
        int row = canvas.row(y.position(line.value()));
        String label = " " + line.label() + " ";
        for (int column = canvas.columns() - label.length(); column > 0 && !canvas.write(column, row, label);) {
            column--;
        }
        canvas.rule(row, '┈');
    }

    private List<String> framed() {
        String[] labels = new String[ROWS];
        y.ticks(Y_TICKS).forEach(tick -> labels[canvas.row(y.position(tick))] = chart.y().shown(tick));
        List<String> lines = new ArrayList<>();
        List<String> drawn = canvas.lines();
        for (int row = 0; row < ROWS; row++) {
            String label = labels[row] == null ? "" : labels[row];
            lines.add(("%" + GUTTER + "s").formatted(WrappedText.cut(label, GUTTER)) + (label.isEmpty() ? "│" : "┤") + drawn.get(row));
        }
        return lines;
    }

    private List<String> bottom() {
        StringBuilder frame = new StringBuilder(" ".repeat(GUTTER) + "└" + "─".repeat(canvas.columns()));
        StringBuilder labels = new StringBuilder(" ".repeat(width));
        int free = 0;
        for (double tick : x.ticks(canvas.columns() / COLUMNS_A_TICK)) {
            int at = GUTTER + 1 + canvas.column(x.position(tick));
            String label = chart.x().shown(tick);
            int start = Math.clamp(at - label.length() / 2, 0, width - label.length());
            if (start >= free) {
                frame.setCharAt(at, '┬');
                labels.replace(start, start + label.length(), label);
                free = start + label.length() + 1;
            }
        }
        String heading = chart.x().heading();
        return List.of(frame.toString(), labels.toString(), " ".repeat(Math.max(0, width - heading.length())) + heading);
    }

    private List<String> remarks() {
        List<String> lines = new ArrayList<>();
        if (chart.hasHollowPoints()) {
            lines.addAll(WrappedText.wrap("Hollow: not confirmed.", width, ""));
        }
        if (unwritten > 0) {
            lines.addAll(WrappedText.wrap("%d labels find no room here; the table has them all.".formatted(unwritten), width, ""));
        }
        return lines;
    }
}
