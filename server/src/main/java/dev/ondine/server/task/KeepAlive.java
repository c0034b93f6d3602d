package dev.ondine.server.task;

import dev.ondine.api.LocalModel;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a model stays in memory after its last use: {@code keep_alive} in seconds, or a time such as {@code "1h30m"}.
 *
 * @param seconds below 0 for ever
 */
public record KeepAlive(double seconds) {

    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(h|ms|us|µs|ns|m|s)");
    private static final Pattern WHOLE = Pattern.compile("([+-]?)(?:0|(?:" + PART.pattern() + ")+)");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,12}(\\.[0-9]{1,9})?");
    private static final Map<String, Double> SECONDS =
            Map.of("h", 3600.0, "m", 60.0, "s", 1.0, "ms", 1e-3, "us", 1e-6, "µs", 1e-6, "ns", 1e-9);
    private static final double MOST_SECONDS = 1e9;
    private static final int MOST_CHARACTERS = 100;

    /** Reads the field of a request; empty if it is missing. */
    public static Optional<KeepAlive> of(JsonFields body) {
        return body.value("keep_alive").map(value -> new KeepAlive(seconds(value)));
    }

    /** Whether the model is to go at once. */
    public boolean isOver() {
        return seconds == 0;
    }

    /** Has a model stay so long from now on. */
    public void applyTo(LocalModel model) {
        boolean isForEver = seconds < 0 || seconds > MOST_SECONDS;
        model.timeToLive(isForEver ? Optional.empty() : Optional.of(Duration.ofMillis((long) (seconds * 1000))));
    }

    private static double seconds(FieldValue value) {
        if (!value.isText()) {
            return value.number(-Double.MAX_VALUE, Double.MAX_VALUE);
        }
        String text = value.text();
        if (text.length() <= MOST_CHARACTERS && NUMBER.matcher(text).matches()) {
            return Double.parseDouble(text);
        }
        Matcher whole = WHOLE.matcher(text);
        if (text.length() > MOST_CHARACTERS || !whole.matches()) {
            throw value.wrong("seconds, or a time such as \"5m\"");
        }
        double sum = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            sum += Double.parseDouble(part.group(1)) * SECONDS.get(part.group(2));
        }
        return whole.group(1).equals("-") ? -sum : sum;
    }
}
