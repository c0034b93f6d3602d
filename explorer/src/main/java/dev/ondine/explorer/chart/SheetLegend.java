package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** What the colours of a picture stand for, in as many rows as they need. */
final class SheetLegend {

    private static final int ROW = 22;
    private static final int SWATCH = 26;
    private static final int GAP = 18;
    private static final int DOT = 9;

    /** Of the legend's font, and on the safe side. */
    private static final double CHARACTER = 8.2;

    private final Chart chart;
    private final List<List<Integer>> rows = new ArrayList<>();

    SheetLegend(Chart chart, double width) {
        this.chart = chart;
        if (chart.series().size() > 1) {
            arrange(width);
        }
    }

    private void arrange(double width) {
        double used = 0;
        for (int i = 0; i < chart.series().size(); i++) {
            if (rows.isEmpty() || used + width(i) > width) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.getLast().add(i);
            used += width(i);
        }
    }

    private double width(int ordinal) {
        return SWATCH + GAP + chart.series().get(ordinal).name().length() * CHARACTER;
    }

    int height() {
        return rows.isEmpty() ? 0 : rows.size() * ROW + ROW / 2;
    }

    void paint(Graphics2D graphics, double left, double top) {
        for (int row = 0; row < rows.size(); row++) {
            double x = left;
            double middle = top + row * ROW + ROW / 2.0;
            for (int ordinal : rows.get(row)) {
                swatch(graphics, ordinal, x, middle);
                graphics.setColor(ChartSheet.INK);
                graphics.drawString(chart.series().get(ordinal).name(), (float) (x + SWATCH + 4), (float) (middle + DOT / 2.0));
                x += width(ordinal);
            }
        }
    }

    private void swatch(Graphics2D graphics, int ordinal, double x, double middle) {
        Series series = chart.series().get(ordinal);
        graphics.setColor(PlottedChart.colour(ordinal));
        if (series.style() == Style.BARS) {
            graphics.fill(new Rectangle2D.Double(x + DOT, middle - DOT / 2.0, SWATCH - DOT, DOT));
            return;
        }
        if (series.style() == Style.LINE) {
            BasicStroke dashes = PlottedChart.stroke(ordinal);
            graphics.setStroke(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes.getDashArray(), 0));
            graphics.draw(new Line2D.Double(x, middle, x + SWATCH, middle));
        }
        if (PlottedChart.hasMarkers(series)) {
            graphics.fill(new Ellipse2D.Double(x + (SWATCH - DOT) / 2.0, middle - DOT / 2.0, DOT, DOT));
        }
    }
}
