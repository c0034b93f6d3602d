package dev.ondine.explorer.simulate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What happened when: series over equal parts of a scenario's time.
 *
 * @param localStart second of the day at which it begins
 */
public record Timeline(double binSeconds, double localStart, List<Series> series) {

    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final int LABEL = 14;

    public Timeline {
        series = List.copyOf(series);
    }

    /** How the parts of a series become fewer parts. */
    public enum Merge { MEAN, SUM, HIGHEST, LAST }

    /**
     * One number for each part of the time.
     *
     * @param name   {@code busy foreground}, {@code temperature}
     * @param unit   {@code share}, {@code tasks}, {@code tokens}, {@code °C}
     * @param values NaN where nothing is known
     */
    public record Series(String name, String unit, Merge merge, double[] values) {

        double[] merged(int columns) {
            double[] merged = new double[columns];
            for (int column = 0; column < columns; column++) {
                int from = (int) ((long) column * values.length / columns);
                int to = Math.max(from + 1, (int) ((long) (column + 1) * values.length / columns));
                merged[column] = merge(from, to);
            }
            return merged;
        }

        private double merge(int from, int to) {
            double sum = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                sum += values[i];
                highest = Math.max(highest, values[i]);
            }
            return switch (merge) {
                case SUM -> sum;
                case MEAN -> sum / (to - from);
                case HIGHEST -> highest;
                case LAST -> values[to - 1];
            };
        }
    }

    public Optional<Series> find(String name) {
        return series.stream().filter(one -> one.name().equals(name)).findAny();
    }

    /**
     * For a terminal: a lane for each class of tasks, as high as the share of the time that the device works for it, then temperature,
     * battery and tokens, each between its least and its highest.
     */
    public String drawn(int columns) {
        int width = Math.clamp(columns - LABEL - 18L, 10, Math.max(10, series.getFirst().values().length));
        StringBuilder drawing = new StringBuilder(axis(width));
        for (Series lane : series) {
            if (lane.unit().equals("share") && lane.name().startsWith("busy") && !isFlat(lane)) {
                drawing.append(line(lane.name().substring(5), lane.merged(width), 0, 1, "%.0f %% at most", 100, ""));
            }
        }
        for (Series line : series) {
            switch (line.name()) {
                case "temperature" -> drawing.append(spark(line, width, "%.1f", 1, " °C"));
                case "battery" -> drawing.append(line("battery", line.merged(width), 0, 1, "%.0f %% at least", 100, "least"));
                case "device tokens", "cloud tokens" -> drawing.append(isFlat(line) ? "" : spark(line, width, "%.0f", 1, ""));
                default -> { }
            }
        }
        return drawing.toString();
    }

    private static boolean isFlat(Series series) {
        double first = series.values()[0];
        for (double value : series.values()) {
            if (value != first) {
                return false;
            }
        }
        return first == 0;
    }

    private String axis(int width) {
        StringBuilder axis = new StringBuilder(" ".repeat(LABEL));
        double seconds = binSeconds * series.getFirst().values().length;
        int step = Math.max(8, width / 8);
        for (int column = 0; column + 5 <= width; column += step) {
            double time = DaySpan.secondOfDay(localStart + seconds * column / width);
            String clock = seconds < 120 ? "%.4g s".formatted(seconds * column / width)
                    : "%02d:%02d".formatted((int) time / 3600, (int) time / 60 % 60);
            axis.append(("%-" + step + "s").formatted(clock));
        }
        return axis.toString().stripTrailing() + "\n";
    }

    private static String spark(Series series, int width, String number, double factor, String unit) {
        double[] values = series.merged(width);
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Double.isNaN(value) ? least : Math.min(least, value);
            most = Double.isNaN(value) ? most : Math.max(most, value);
        }
        if (least > most) {
            return "";
        }
        return bars(series.name(), values, least, most)
                + " %s–%s%s%n".formatted(number.formatted(least * factor), number.formatted(most * factor), unit).replace("\r", "");
    }

    private static String line(String name, double[] values, double least, double most, String note, double factor, String which) {
        double noted = values[0];
        for (double value : values) {
            noted = which.equals("least") ? Math.min(noted, value) : Math.max(noted, value);
        }
        return Double.isNaN(noted) ? "" : bars(name, values, least, most) + " " + String.format(Locale.ROOT, note, noted * factor) + "\n";
    }

    private static String bars(String name, double[] values, double least, double most) {
        StringBuilder bars = new StringBuilder(("%-" + LABEL + "s").formatted(name));
        for (double value : values) {
            double share = most > least ? (value - least) / (most - least) : 0.5;
            bars.append(Double.isNaN(value) ? ' ' : value == 0 && least == 0 ? '·'
                    : LEVELS.charAt((int) Math.clamp(share * LEVELS.length(), 0, LEVELS.length() - 1)));
        }
        return bars.toString();
    }
}
