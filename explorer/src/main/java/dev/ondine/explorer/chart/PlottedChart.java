package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Scale;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The drawing of a chart without title and notes.
 *
 * @see <a href="https://knowm.org/open-source/xchart/">XChart</a>
 */
final class PlottedChart {

    /** Colours that people with any colour vision tell apart; after Okabe and Ito. */
    private static final List<Color> COLOURS = List.of(new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
            new Color(0xE69F00), new Color(0x56B4E9), new Color(0x444444), new Color(0x8B5A2B),
            new Color(0x6A3D9A), new Color(0x8F8F1F), new Color(0x66C2A5), new Color(0xA6192E));

    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color GRID = new Color(0xE2E2E2);
    private static final int LINE_MARKERS_UP_TO = 9;

    /** Width of a character of the labels under categories, and what their row may take before they are turned. */
    private static final int CHARACTER = 8;
    private static final int LABEL_ROW = 950;
    private static final int TURNED = 90;
    private static final int TURNED_PADDING = 16;

    private PlottedChart() {
    }

    static IChart of(Chart chart) {
        return chart.x().scale() == Scale.CATEGORY ? overCategories(chart) : overNumbers(chart);
    }

    private static XYChart overNumbers(Chart chart) {
        XYChart plot = new XYChart(1, 1);
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            Color colour = colour(i);
            if (series.style() == Style.LINE) {
                Marker marker = hasMarkers(series) ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
                dress(add(plot, series.name(), series.points()), colour, marker).setLineStyle(stroke(i));
            } else {
                addPoints(plot, series, colour);
            }
        }
        AxesChartStyler styler = plot.getStyler();
        style(chart, plot, styler);
        AxisRange x = chart.rangeOfX();
        styler.setXAxisLogarithmic(x.scale() == Scale.LOG).setXAxisMin(x.least()).setXAxisMax(x.most())
                .setXAxisTickLabelsFormattingFunction(chart.x()::shown);
        return plot;
    }

    static boolean hasMarkers(Series series) {
        return series.style() == Style.POINTS || series.points().size() <= LINE_MARKERS_UP_TO;
    }

    static Color colour(int ordinal) {
        return COLOURS.get(ordinal % COLOURS.size());
    }

    /** Lines beyond the colours are told apart by dashes. */
    static BasicStroke stroke(int ordinal) {
        return ordinal < COLOURS.size() ? SeriesLines.SOLID : SeriesLines.DASH_DASH;
    }

    private static void addPoints(XYChart plot, Series series, Color colour) {
        List<Point> full = series.points().stream().filter(Predicate.not(Point::hollow)).toList();
        List<Point> hollow = series.points().stream().filter(Point::hollow).toList();
        if (!full.isEmpty()) {
            dress(add(plot, series.name(), full), colour, SeriesMarkers.CIRCLE).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        }
        if (!hollow.isEmpty()) {
            XYSeries open = add(plot, series.name() + ", not confirmed", hollow);
            dress(open, colour, new HollowMarker()).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        }
    }

    private static XYSeries add(XYChart plot, String name, List<Point> points) {
        return plot.addSeries(name, points.stream().mapToDouble(Point::x).toArray(), points.stream().mapToDouble(Point::y).toArray());
    }

    private static XYSeries dress(XYSeries series, Color colour, Marker marker) {
        series.setMarker(marker).setMarkerColor(colour).setLineColor(colour).setLineWidth(2);
        return series;
    }

    private static CategoryChart overCategories(Chart chart) {
        CategoryChart plot = new CategoryChart(1, 1);
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            List<Double> heights = new ArrayList<>();
            for (int place = 0; place < chart.x().categories().size(); place++) {
                int wanted = place;
                heights.add(series.points().stream().filter(point -> point.x() == wanted).map(Point::y).findAny().orElse(null));
            }
            plot.addSeries(series.name(), chart.x().categories(), heights).setFillColor(colour(i));
        }
        CategoryStyler styler = plot.getStyler();
        styler.setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Bar).setAvailableSpaceFill(0.8);
        style(chart, plot, styler);
        if (labelHeight(chart) > 0) {
            styler.setXAxisLabelRotation(TURNED).setXAxisMaxLabelCount(chart.x().categories().size())
                    .setXAxisLabelAlignmentVertical(TextAlignment.Right).setAxisTickPadding(TURNED_PADDING);
        }
        return plot;
    }

    /** How much labels under categories take beyond one line: nothing if they find room side by side, else they are turned. */
    static int labelHeight(Chart chart) {
        int characters = chart.x().categories().stream().mapToInt(String::length).max().orElse(0);
        return characters * CHARACTER * chart.x().categories().size() > LABEL_ROW ? characters * CHARACTER : 0;
    }

    private static void style(Chart chart, AxesChart<?, ?> plot, AxesChartStyler styler) {
        AxisRange y = chart.rangeOfY();
        styler.setYAxisLogarithmic(y.scale() == Scale.LOG).setYAxisMin(y.least()).setYAxisMax(y.most())
                .setYAxisTickLabelsFormattingFunction(chart.y()::shown);
        styler.setAxisTitlesVisible(false).setAxisTickLabelsFont(TEXT).setPlotGridLinesColor(GRID).setPlotMargin(0).setPlotContentSize(1);
        styler.setChartTitleVisible(false).setChartBackgroundColor(Color.WHITE).setPlotBorderColor(ChartSheet.PALE_INK)
                .setMarkerSize(9).setAntiAlias(true).setTextAntiAlias(true).setLegendVisible(false);
        plot.addAnnotation(new ChartMarks(chart));
    }
}
