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
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
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
            new Color(0xE69F00), new Color(0x56B4E9), new Color(0x444444), new Color(0x8B5A2B));

    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Color GRID = new Color(0xE2E2E2);
    private static final int LINE_MARKERS_UP_TO = 16;

    private PlottedChart() {
    }

    static IChart of(Chart chart) {
        return chart.x().scale() == Scale.CATEGORY ? overCategories(chart) : overNumbers(chart);
    }

    private static XYChart overNumbers(Chart chart) {
        XYChart plot = new XYChart(1, 1);
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            Color colour = COLOURS.get(i % COLOURS.size());
            if (series.style() == Style.LINE) {
                Marker marker = series.points().size() <= LINE_MARKERS_UP_TO ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
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

    /** Lines beyond the colours are told apart by dashes. */
    private static BasicStroke stroke(int ordinal) {
        return ordinal < COLOURS.size() ? SeriesLines.SOLID : SeriesLines.DASH_DASH;
    }

    /** Filled and hollow points, as one entry of the legend. */
    private static void addPoints(XYChart plot, Series series, Color colour) {
        List<Point> full = series.points().stream().filter(Predicate.not(Point::hollow)).toList();
        List<Point> hollow = series.points().stream().filter(Point::hollow).toList();
        if (!full.isEmpty()) {
            dress(add(plot, series.name(), full), colour, SeriesMarkers.CIRCLE).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        }
        if (!hollow.isEmpty()) {
            XYSeries open = add(plot, full.isEmpty() ? series.name() : series.name() + ", not confirmed", hollow);
            dress(open, colour, new HollowMarker()).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setShowInLegend(full.isEmpty());
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
            plot.addSeries(series.name(), chart.x().categories(), heights).setFillColor(COLOURS.get(i % COLOURS.size()));
        }
        CategoryStyler styler = plot.getStyler();
        styler.setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Bar).setAvailableSpaceFill(0.8);
        style(chart, plot, styler);
        return plot;
    }

    private static void style(Chart chart, AxesChart<?, ?> plot, AxesChartStyler styler) {
        plot.setXAxisTitle(chart.x().heading());
        plot.setYAxisTitle(chart.y().heading());
        AxisRange y = chart.rangeOfY();
        styler.setYAxisLogarithmic(y.scale() == Scale.LOG).setYAxisMin(y.least()).setYAxisMax(y.most())
                .setYAxisTickLabelsFormattingFunction(chart.y()::shown);
        styler.setAxisTitleFont(HEADING).setAxisTickLabelsFont(TEXT).setPlotGridLinesColor(GRID).setPlotMargin(0).setPlotContentSize(1);
        styler.setChartTitleVisible(false).setChartBackgroundColor(Color.WHITE).setPlotBorderColor(ChartSheet.PALE_INK)
                .setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal).setLegendBorderColor(Color.WHITE)
                .setLegendFont(TEXT).setLegendPadding(8).setMarkerSize(9).setAntiAlias(true).setTextAntiAlias(true)
                .setLegendVisible(chart.series().size() > 1);
        plot.addAnnotation(new ChartMarks(chart));
    }
}
