package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Axis;
import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Series;
import dev.ondine.explorer.chart.Chart.Style;
import dev.ondine.explorer.simulate.ScenarioReport;
import dev.ondine.explorer.simulate.Timeline;
import java.util.List;
import java.util.stream.IntStream;

/** The timeline of a simulated scenario as a chart: how busy the device is for each class, battery, speed and temperature. */
public final class TimelineChart {

    private static final double SECONDS_PER_HOUR = 3600;

    private TimelineChart() {
    }

    public static Chart of(ScenarioReport report) {
        List<Series> lines = report.timeline().series().stream()
                .filter(series -> series.unit().equals("share") || series.unit().equals("°C")).map(series -> line(series, report.timeline())).toList();
        return new Chart("timeline", report.scenario(), "simulated with seed %d".formatted(report.seed()), Axis.linear("time", "h"),
                Axis.linear("share of the time, of the battery, of full speed", "%"), lines.stream().filter(line -> !line.points().isEmpty()).toList(),
                List.of(), List.of("The temperature is in °C on the same axis."), List.of("ondine plan --simulate"));
    }

    private static Series line(Timeline.Series series, Timeline timeline) {
        double factor = series.unit().equals("share") ? 100 : 1;
        List<Point> points = IntStream.range(0, series.values().length).filter(bin -> !Double.isNaN(series.values()[bin]))
                .mapToObj(bin -> Point.of((timeline.localStart() + (bin + 0.5) * timeline.binSeconds()) / SECONDS_PER_HOUR,
                        factor * series.values()[bin])).toList();
        return new Series(series.name(), Style.LINE, points);
    }
}
