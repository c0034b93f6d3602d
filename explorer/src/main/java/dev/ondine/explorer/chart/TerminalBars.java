package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Scale;
import dev.ondine.explorer.chart.Chart.Series;
import java.util.ArrayList;
import java.util.List;

/** Bars that lie, one line each, with their values: the longer, the more. On a log axis the line under them says where they start. */
final class TerminalBars {

    private static final String EIGHTHS = "▏▎▍▌▋▊▉█";
    private static final int VALUE_COLUMNS = 8;

    private final Chart chart;
    private final int width;
    private final AxisRange y;
    private final int nameColumns;
    private final int barColumns;

    TerminalBars(Chart chart, int width) {
        this.chart = chart;
        this.width = width;
        y = chart.rangeOfY();
        int longest = chart.series().stream().mapToInt(one -> one.name().length()).max().orElse(0);
        nameColumns = Math.min(alone() ? longestCategory() : longest + 2, width / 2);
        barColumns = width - nameColumns - VALUE_COLUMNS - 2;
    }

    private boolean alone() {
        return chart.series().size() == 1;
    }

    private int longestCategory() {
        return chart.x().categories().stream().mapToInt(String::length).max().orElse(0);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(chart.y().heading()));
        for (int place = 0; place < chart.x().categories().size(); place++) {
            String category = chart.x().categories().get(place);
            if (!alone()) {
                lines.add(WrappedText.cut(category, width));
            }
            for (Series series : chart.series()) {
                for (Point point : series.points()) {
                    if ((int) point.x() == place) {
                        lines.add(bar(alone() ? category : "  " + series.name(), point));
                    }
                }
            }
        }
        lines.add(scale());
        return lines;
    }

    private String bar(String name, Point point) {
        int eighths = (int) Math.round(y.position(point.y()) * barColumns * EIGHTHS.length());
        int rest = eighths % EIGHTHS.length();
        String bar = "█".repeat(eighths / EIGHTHS.length()) + (rest == 0 ? "" : EIGHTHS.charAt(rest - 1));
        String padded = ("%-" + nameColumns + "s ").formatted(WrappedText.cut(name, nameColumns));
        return padded + bar + " " + Digits.brief(point.y()) + label(point, width - padded.length() - bar.length() - VALUE_COLUMNS - 2);
    }

    private static String label(Point point, int room) {
        return point.label().isEmpty() || point.label().length() > room ? "" : " " + point.label();
    }

    private String scale() {
        String text = (y.scale() == Scale.LOG ? "log scale from %s to %s" : "scale from %s to %s")
                .formatted(Digits.brief(y.least()), Digits.brief(y.most()));
        return " ".repeat(Math.clamp(width - text.length(), 0, nameColumns + 1)) + text;
    }
}
