package dev.ondine.explorer.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;

/** A whole picture: title and subtitle, the drawing by XChart, notes and sources. */
final class ChartSheet implements IChart {

    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color PALE_INK = new Color(0x60, 0x60, 0x60);

    private static final int WIDTH = 1100;
    private static final int PLOT_HEIGHT = 640;
    private static final int MARGIN = 20;
    private static final int GAP = 6;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
    private static final Font SUBTITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** Height of a line of text in its font's size. */
    private static final double LEADING = 1.35;

    /** Characters of the small font that surely fit a line. */
    private static final int SMALL_COLUMNS = 150;

    private static final int SUBTITLE_COLUMNS = 125;

    private final Chart chart;
    private final int scale;
    private final int plotHeight;
    private final SheetLegend legend;
    private final List<String> subtitle;
    private final List<String> footer;

    ChartSheet(Chart chart, int scale) {
        this.chart = chart;
        this.scale = scale;
        plotHeight = PLOT_HEIGHT + PlottedChart.labelHeight(chart) / 2;
        legend = new SheetLegend(chart, WIDTH - 2 * MARGIN);
        subtitle = chart.subtitle().isEmpty() ? List.of() : WrappedText.wrap(chart.subtitle(), SUBTITLE_COLUMNS, "");
        footer = footer(chart);
    }

    private static List<String> footer(Chart chart) {
        List<String> lines = new ArrayList<>();
        chart.notes().forEach(note -> lines.addAll(WrappedText.wrap(note, SMALL_COLUMNS, "")));
        if (chart.hasHollowPoints()) {
            lines.add("Hollow: not confirmed.");
        }
        if (chart.isCrowded()) {
            lines.add("Labels that would cover others are left out; the table has them all.");
        }
        if (!chart.sources().isEmpty()) {
            lines.addAll(WrappedText.wrap("Sources: " + String.join("; ", chart.sources()), SMALL_COLUMNS, ""));
        }
        return lines;
    }

    @Override
    public void paint(Graphics2D graphics, int width, int height) {
        graphics.scale(scale, scale);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, height / scale);
        int top = MARGIN + text(graphics, List.of(chart.title()), TITLE, INK, MARGIN);
        top += text(graphics, subtitle, SUBTITLE, PALE_INK, top);
        top += text(graphics, List.of("↑ " + chart.y().heading()), HEADING, INK, top + GAP) + GAP;
        graphics.translate(0, top);
        PlottedChart.of(chart).paint(graphics, WIDTH, plotHeight);
        graphics.translate(0, -top);
        top += plotHeight;
        top += rightText(graphics, chart.x().heading() + (chart.hasBars() ? "" : " →"), top);
        graphics.setFont(LEGEND);
        legend.paint(graphics, MARGIN, top);
        text(graphics, footer, SMALL, PALE_INK, top + legend.height());
    }

    /** Draws lines below each other. @return their height */
    private static int text(Graphics2D graphics, List<String> lines, Font font, Color colour, int top) {
        graphics.setFont(font);
        graphics.setColor(colour);
        FontMetrics metrics = graphics.getFontMetrics();
        for (int i = 0; i < lines.size(); i++) {
            graphics.drawString(lines.get(i), MARGIN, top + heightOf(i, font) + metrics.getAscent());
        }
        return heightOf(lines.size(), font);
    }

    private static int rightText(Graphics2D graphics, String text, int top) {
        graphics.setFont(HEADING);
        graphics.setColor(INK);
        FontMetrics metrics = graphics.getFontMetrics();
        graphics.drawString(text, WIDTH - MARGIN - metrics.stringWidth(text), top + metrics.getAscent());
        return heightOf(1, HEADING) + GAP;
    }

    private static int heightOf(int lines, Font font) {
        return (int) Math.ceil(lines * font.getSize() * LEADING);
    }

    @Override
    public int getWidth() {
        return WIDTH * scale;
    }

    @Override
    public int getHeight() {
        int above = MARGIN + heightOf(1, TITLE) + heightOf(subtitle.size(), SUBTITLE) + heightOf(1, HEADING) + GAP;
        int below = heightOf(1, HEADING) + GAP + legend.height() + heightOf(footer.size(), SMALL) + MARGIN;
        return scale * (above + plotHeight + below);
    }

    @Override
    public String getTitle() {
        return chart.title();
    }
}
