package dev.ondine.roofline.solve;

import dev.ondine.roofline.device.Unit;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A number that a plan has to reach, or must not exceed.
 *
 * @param limit in the base unit of the metric
 */
public record Goal(Metric metric, double limit) {

    /** What rounding may take from a goal that is met exactly. */
    private static final double ROUNDING = 1e-13;

    private static final Pattern WRITTEN = Pattern.compile(
            "(?<name>[a-z ]*?)\\s*(?<sign><=|>=|≤|≥|<|>|=|at most|at least)?\\s*"
                    + "(?<number>[0-9][0-9_]*(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?)\\s*(?<unit>\\D.*)?", Pattern.CASE_INSENSITIVE);
    private static final double SECONDS_PER_MINUTE = 60;

    public Goal {
        if (!(limit > 0 && limit < Double.POSITIVE_INFINITY) && !(metric == Metric.SPARE && limit == 0)) {
            throw new IllegalArgumentException("a goal of %s for %s is impossible, expected more than 0".formatted(limit, metric.key()));
        }
    }

    /** The model fits into the device's memory. */
    public static Goal fits() {
        return new Goal(Metric.SPARE, 0);
    }

    /**
     * Reads {@code 20 tok/s}, {@code prefill 1000 tok/s}, {@code total >= 100 tok/s}, {@code ttft<=0.5s}, {@code 0.3 J/token},
     * {@code <= 4 W}, {@code memory 8GB}, {@code fits}, {@code together 30 tok/s}, {@code cloud ttft 200 ms}, and reading speeds such as
     * {@code 238 wpm}.
     *
     * @param tokensPerWord what turns words per minute into tokens
     * @throws IllegalArgumentException saying what a goal looks like
     */
    public static Goal parse(String text, double tokensPerWord) {
        if (!(tokensPerWord >= 0.1 && tokensPerWord <= 100)) {
            throw new IllegalArgumentException("a word is %s tokens, expected 0.1 to 100".formatted(tokensPerWord));
        }
        if (text.strip().equalsIgnoreCase("fits")) {
            return fits();
        }
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches() || written.group("unit") == null) {
            throw unreadable(text);
        }
        String unit = written.group("unit").strip().replaceFirst("(?i)^(tokens?|tok|t) ?/ ?(s|second)$", "tok/s");
        Metric metric = metric(written.group("name").strip().toLowerCase(Locale.ROOT), unit, text);
        requireSense(metric, written.group("sign"), text);
        if (metric.unit() == Unit.TOKENS_PER_SECOND && unit.matches("(?i)wpm|words?/min(ute)?")) {
            return new Goal(metric, Unit.NUMBER.parse(written.group("number")) * tokensPerWord / SECONDS_PER_MINUTE);
        }
        String quantity = metric == Metric.ENERGY ? unit.replaceFirst("(?i) ?/ ?tok(en)?$", "") : unit;
        return new Goal(metric, metric.unit().parse(written.group("number") + " " + quantity));
    }

    private static Metric metric(String name, String unit, String text) {
        if (!name.isEmpty()) {
            return Arrays.stream(Metric.values()).filter(metric -> metric.key().equals(name)).findAny().orElseThrow(() -> unreadable(text));
        }
        if (unit.equals("tok/s") || unit.matches("(?i)wpm|words?/min(ute)?")) {
            return Metric.DECODE;
        }
        if (unit.matches("(?i).*J ?/ ?tok(en)?")) {
            return Metric.ENERGY;
        }
        if (unit.endsWith("W")) {
            return Metric.WATTS;
        }
        if (unit.endsWith("B")) {
            return Metric.MEMORY;
        }
        throw unreadable(text);
    }

    private static void requireSense(Metric metric, String sign, String text) {
        if (sign == null || sign.equals("=")) {
            return;
        }
        boolean floor = sign.startsWith(">") || sign.equals("≥") || sign.equalsIgnoreCase("at least");
        if (floor != metric.isFloor()) {
            throw new IllegalArgumentException("\"%s\": %s can only be asked to be %s".formatted(text.strip(), metric.key(),
                    metric.isFloor() ? "at least something (>=)" : "at most something (<=)"));
        }
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(("\"%s\" is no goal; expected for example 20 tok/s, 238 wpm, ttft 500 ms, 0.3 J/token, 4 W, "
                + "memory 8 GB or fits, and one of these names before a number: %s").formatted(text.strip(),
                Arrays.stream(Metric.values()).map(Metric::key).collect(Collectors.joining(", "))));
    }

    /** As it is read: {@code 20 tok/s}, {@code ttft <= 500 ms}, {@code fits}. */
    public String words() {
        String words = metric.words(limit);
        return switch (metric) {
            case DECODE -> words;
            case ENERGY, WATTS -> "<= " + words;
            case SPARE -> limit == 0 ? "fits" : "spare memory >= " + words;
            default -> metric.key() + (metric.isFloor() ? " >= " : " <= ") + words;
        };
    }

    /** Not negative where an outcome meets it; negative infinity where the number is unknown. Grows with the room that is left. */
    double margin(Outcome outcome) {
        double value = metric.of(outcome);
        if (Double.isNaN(value)) {
            return Double.NEGATIVE_INFINITY;
        }
        if (metric == Metric.SPARE) {
            return (value - limit) / outcome.plan().footprint().totalBytes();
        }
        return Math.log(metric.isFloor() ? value / limit : limit / value) + ROUNDING;
    }
}
