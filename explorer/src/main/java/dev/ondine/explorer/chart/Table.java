package dev.ondine.explorer.chart;

import dev.ondine.explorer.chart.Chart.Point;
import dev.ondine.explorer.chart.Chart.Scale;
import dev.ondine.explorer.chart.Chart.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows and columns of words and numbers.
 *
 * @param columns headings, with units
 * @param rows    as many cells each as there are columns
 */
public record Table(String title, List<String> columns, List<List<Cell>> rows) {

    /** What stands in one place of a table. */
    public sealed interface Cell {

        /** For people: numbers with three digits. */
        String brief();

        /** For programs: numbers with all their digits. */
        String exact();
    }

    public record Words(String text) implements Cell {

        @Override
        public String brief() {
            return text;
        }

        @Override
        public String exact() {
            return text;
        }
    }

    public record Amount(double value) implements Cell {

        @Override
        public String brief() {
            return Digits.brief(value);
        }

        @Override
        public String exact() {
            return Digits.exact(value);
        }
    }

    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("%s: a row has %d cells, expected %d".formatted(title, row.size(), columns.size()));
            }
        }
    }

    static Table of(Chart chart) {
        List<Double> places = chart.series().getFirst().places();
        boolean plain = chart.points().allMatch(point -> point.label().isEmpty() && !point.hollow());
        boolean shared = plain && chart.series().stream().allMatch(one -> one.places().equals(places));
        return shared && places.stream().distinct().count() == places.size() ? wide(chart, places) : tall(chart);
    }

    private static Table wide(Chart chart, List<Double> places) {
        List<String> columns = new ArrayList<>();
        columns.add(chart.x().heading());
        chart.series().forEach(one -> columns.add(chart.y().unit().isEmpty() ? one.name() : one.name() + " [" + chart.y().unit() + "]"));
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            List<Cell> row = new ArrayList<>();
            row.add(placed(chart, places.get(i)));
            for (Series one : chart.series()) {
                row.add(new Amount(one.points().get(i).y()));
            }
            rows.add(row);
        }
        return new Table(chart.title(), columns, rows);
    }

    private static Table tall(Chart chart) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Series one : chart.series()) {
            for (Point point : one.points()) {
                rows.add(List.of(new Words(one.name()), new Words(point.label()), placed(chart, point.x()), new Amount(point.y()),
                        new Words(point.hollow() ? "no" : "yes")));
            }
        }
        return new Table(chart.title(), List.of("series", "label", chart.x().heading(), chart.y().heading(), "confirmed"), rows);
    }

    private static Cell placed(Chart chart, double x) {
        return chart.x().scale() == Scale.CATEGORY ? new Words(chart.x().shown(x)) : new Amount(x);
    }
}
