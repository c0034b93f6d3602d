package dev.ondine.explorer.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A drawing as data: what the axes mean, what is drawn, and where it comes from. Every renderer draws the same chart.
 *
 * @param id         the name on the command line
 * @param subtitle   what holds for all that is drawn; may be empty
 * @param series     at least one, with at least one point each
 * @param references horizontal lines to compare with
 * @param notes      what a reader has to know to read it rightly
 * @param sources    documents that the numbers come from
 */
public record Chart(String id, String title, String subtitle, Axis x, Axis y, List<Series> series, List<ReferenceLine> references,
        List<String> notes, List<String> sources) {

    private static final int MANY_LABELS = 40;

    public enum Scale { LINEAR, LOG, CATEGORY }

    public enum Style { LINE, POINTS, BARS }

    /**
     * One direction of a chart.
     *
     * @param unit       as written beside the title; empty for plain numbers
     * @param categories names of the places 0, 1, 2 …; empty unless the scale is {@link Scale#CATEGORY}
     */
    public record Axis(String title, String unit, Scale scale, List<String> categories) {

        public Axis {
            categories = List.copyOf(categories);
            if (categories.isEmpty() == (scale == Scale.CATEGORY)) {
                throw new IllegalArgumentException(title + ": an axis has categories if and only if its scale says so");
            }
        }

        public static Axis linear(String title, String unit) {
            return new Axis(title, unit, Scale.LINEAR, List.of());
        }

        public static Axis log(String title, String unit) {
            return new Axis(title, unit, Scale.LOG, List.of());
        }

        public static Axis categories(String title, List<String> categories) {
            return new Axis(title, "", Scale.CATEGORY, categories);
        }

        /** Title and unit as one text: {@code tokens per second [tok/s]}. */
        public String heading() {
            return unit.isEmpty() ? title : title + " [" + unit + "]";
        }

        /** A value as people read it: the category, or a number. */
        public String shown(double value) {
            return scale == Scale.CATEGORY ? categories.get((int) value) : Digits.brief(value);
        }

        private void require(double value) {
            boolean possible = switch (scale) {
                case LINEAR -> Double.isFinite(value);
                case LOG -> Double.isFinite(value) && value > 0;
                case CATEGORY -> value == Math.rint(value) && value >= 0 && value < categories.size();
            };
            if (!possible) {
                throw new IllegalArgumentException("%s: %s has no place on a %s axis".formatted(title, value, scale));
            }
        }
    }

    /**
     * One point.
     *
     * @param label  written beside the point; may be empty
     * @param hollow whether the value is not confirmed
     */
    public record Point(double x, double y, String label, boolean hollow) {

        public static Point of(double x, double y) {
            return new Point(x, y, "", false);
        }
    }

    /** Points that belong together, in the order of x if they are joined by a line. */
    public record Series(String name, Style style, List<Point> points) {

        public Series {
            points = List.copyOf(points);
        }

        List<Double> places() {
            return points.stream().map(Point::x).toList();
        }
    }

    /** A horizontal line to compare with: how fast people read. @param value on the y axis */
    public record ReferenceLine(String label, double value) {
    }

    public Chart {
        series = List.copyOf(series);
        references = List.copyOf(references);
        notes = List.copyOf(notes);
        sources = List.copyOf(sources);
        if (series.isEmpty() || series.stream().anyMatch(one -> one.points().isEmpty())) {
            throw new IllegalArgumentException(id + ": nothing to draw; each series of a chart has points");
        }
        for (Series one : series) {
            for (Point point : one.points()) {
                x.require(point.x());
                y.require(point.y());
            }
            if ((one.style() == Style.BARS) != (x.scale() == Scale.CATEGORY)) {
                throw new IllegalArgumentException(id + ": bars stand over categories, lines and points over numbers");
            }
            if (one.style() != Style.POINTS && one.points().stream().anyMatch(Point::hollow)) {
                throw new IllegalArgumentException(id + ": only points can be hollow, not lines or bars");
            }
        }
        references.forEach(line -> y.require(line.value()));
    }

    /** The numbers of the chart; wide where all series have the same x, else one row a point. */
    public Table table() {
        return Table.of(this);
    }

    /** The series of this name. @throws IllegalArgumentException naming those there are */
    public Series series(String name) {
        return series.stream().filter(one -> one.name().equals(name)).findAny().orElseThrow(() -> new IllegalArgumentException(
                "%s: no series \"%s\", only %s".formatted(id, name, series.stream().map(Series::name).toList())));
    }

    boolean hasBars() {
        return x.scale() == Scale.CATEGORY;
    }

    /** Whether there are more labels than find room. */
    boolean isCrowded() {
        return points().filter(point -> !point.label().isEmpty()).count() > MANY_LABELS;
    }

    boolean hasHollowPoints() {
        return points().anyMatch(Point::hollow);
    }

    Stream<Point> points() {
        return series.stream().flatMap(one -> one.points().stream());
    }

    AxisRange rangeOfX() {
        return AxisRange.of(x, points().mapToDouble(Point::x));
    }

    AxisRange rangeOfY() {
        DoubleStream lines = references.stream().mapToDouble(ReferenceLine::value);
        // The length of a bar says how much, so it starts at nothing where the axis has a nothing.
        DoubleStream base = hasBars() && y.scale() == Scale.LINEAR ? DoubleStream.of(0) : DoubleStream.empty();
        return AxisRange.of(y, DoubleStream.concat(DoubleStream.concat(points().mapToDouble(Point::y), lines), base));
    }
}
