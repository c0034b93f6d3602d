package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.ReferenceLine;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Annotation;

/** What is written over a drawing: lines to compare with and labels of points, such that no text covers another. */
final class ChartMarks extends Annotation {

    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final BasicStroke DASHED = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4},
            0);
    private static final BasicStroke THIN = new BasicStroke(0.7f);
    private static final Color VEIL = new Color(255, 255, 255, 200);
    private static final int MARKER = 10;

    /** How far labels may stand from their points: lines to many of them would make a web. */
    private static final double FAR = 200;
    private static final double NEAR = 26;

    private final Chart content;
    private final double reach;

    ChartMarks(Chart content) {
        super(false);
        this.content = content;
        reach = content.isCrowded() ? NEAR : FAR;
    }

    @Override
    public void paint(Graphics2D graphics) {
        graphics.setFont(FONT);
        FontMetrics metrics = graphics.getFontMetrics();
        Rectangle2D frame = frame();
        LabelRoom room = new LabelRoom(frame);
        if (!content.hasBars()) {
            content.series().forEach(series -> occupy(series, room));
        }
        content.references().forEach(line -> draw(graphics, line, frame));
        content.references().forEach(line -> name(graphics, metrics, line, frame, room));
        if (!content.hasBars()) {
            content.points().filter(point -> !point.label().isEmpty()).forEach(point -> label(graphics, metrics, point, room));
        }
    }

    private Rectangle2D frame() {
        double left = Math.min(getXAxisScreenValueForMin(), getXAxisScreenValueForMax());
        double top = Math.min(getYAxisScreenValueForMin(), getYAxisScreenValueForMax());
        return new Rectangle2D.Double(left, top, Math.abs(getXAxisScreenValueForMax() - getXAxisScreenValueForMin()),
                Math.abs(getYAxisScreenValueForMin() - getYAxisScreenValueForMax()));
    }

    private void occupy(Series series, LabelRoom room) {
        if (PlottedChart.hasMarkers(series)) {
            series.points().forEach(point -> room.takeMarker(around(point)));
        }
        if (series.style() == Style.LINE) {
            for (int i = 1; i < series.points().size(); i++) {
                Rectangle2D from = around(series.points().get(i - 1));
                Rectangle2D to = around(series.points().get(i));
                room.avoid(new Line2D.Double(from.getCenterX(), from.getCenterY(), to.getCenterX(), to.getCenterY()));
            }
        }
    }

    private Rectangle2D around(Point point) {
        double x = chart.getScreenXFromChart(point.x());
        double y = chart.getScreenYFromChart(point.y());
        return new Rectangle2D.Double(x - MARKER / 2.0, y - MARKER / 2.0, MARKER, MARKER);
    }

    private void draw(Graphics2D graphics, ReferenceLine line, Rectangle2D frame) {
        double y = chart.getScreenYFromChart(line.value());
        graphics.setColor(ChartSheet.PALE_INK);
        graphics.setStroke(DASHED);
        graphics.draw(new Line2D.Double(frame.getMinX(), y, frame.getMaxX(), y));
    }

    /** Writes what a line stands for above or below it, as far to the right as there is room. */
    private void name(Graphics2D graphics, FontMetrics metrics, ReferenceLine line, Rectangle2D frame, LabelRoom room) {
        double y = chart.getScreenYFromChart(line.value());
        double width = metrics.stringWidth(line.label());
        double height = metrics.getAscent() + metrics.getDescent();
        List<Rectangle2D> places = new ArrayList<>();
        for (double x = frame.getMaxX() - width - MARKER; x > frame.getMinX(); x -= MARKER) {
            places.add(new Rectangle2D.Double(x, y - height - 1, width, height));
            places.add(new Rectangle2D.Double(x, y + 1, width, height));
        }
        write(graphics, metrics, line.label(), room.takeFirst(places).orElse(places.getFirst()));
    }

    private void label(Graphics2D graphics, FontMetrics metrics, Point point, LabelRoom room) {
        Rectangle2D marker = around(point);
        room.takeNear(marker, metrics.stringWidth(point.label()), metrics.getAscent() + metrics.getDescent(), reach).ifPresent(place -> {
            if (!LabelRoom.grown(marker, LabelRoom.CLOSE).intersects(place)) {
                graphics.setColor(ChartSheet.PALE_INK);
                graphics.setStroke(THIN);
                graphics.draw(LabelRoom.leader(marker, place));
            }
            write(graphics, metrics, point.label(), place);
        });
    }

    private static void write(Graphics2D graphics, FontMetrics metrics, String text, Rectangle2D place) {
        graphics.setColor(VEIL);
        graphics.fill(place);
        graphics.setColor(ChartSheet.INK);
        graphics.drawString(text, (float) place.getX(), (float) (place.getY() + metrics.getAscent()));
    }
}
