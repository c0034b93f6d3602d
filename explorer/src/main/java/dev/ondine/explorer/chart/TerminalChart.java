package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.ReferenceLine;
import java.util.ArrayList;
import java.util.List;

/** A chart as lines of text for a terminal of fixed width: title, drawing, legend, notes, sources. Unicode, no colour. */
public final class TerminalChart {

    public static final int USUAL_WIDTH = 100;
    public static final int LEAST_WIDTH = 50;

    private TerminalChart() {
    }

    /**
     * Lines of at most so many columns, each ending in a line feed.
     *
     * @throws IllegalArgumentException if the width is below {@link #LEAST_WIDTH}
     */
    public static String draw(Chart chart, int width) {
        requireWidth(width);
        List<String> lines = new ArrayList<>(WrappedText.wrap(chart.title(), width, ""));
        if (!chart.subtitle().isEmpty()) {
            lines.addAll(WrappedText.wrap(chart.subtitle(), width, ""));
        }
        lines.add("");
        lines.addAll(chart.hasBars() ? new TerminalBars(chart, width).lines() : new TerminalPlot(chart, width).lines());
        lines.addAll(comments(chart, width));
        return WrappedText.joined(lines);
    }

    private static List<String> comments(Chart chart, int width) {
        List<String> lines = new ArrayList<>();
        if (!chart.references().isEmpty()) {
            String unit = chart.y().unit().isEmpty() ? "" : " " + chart.y().unit();
            lines.addAll(WrappedText.flow("compare: ", chart.references().stream().map(line -> valued(line, unit)).toList(), width));
        }
        chart.notes().forEach(note -> lines.addAll(WrappedText.wrap(note, width, "")));
        if (!chart.sources().isEmpty()) {
            lines.addAll(WrappedText.wrap("sources: " + String.join("; ", chart.sources()), width, "         "));
        }
        return lines;
    }

    private static String valued(ReferenceLine line, String unit) {
        return "%s = %s%s".formatted(line.label(), Digits.brief(line.value()), unit);
    }

    static void requireWidth(int width) {
        if (width < LEAST_WIDTH) {
            throw new IllegalArgumentException("a chart needs %d columns, the terminal has %d".formatted(LEAST_WIDTH, width));
        }
    }
}
