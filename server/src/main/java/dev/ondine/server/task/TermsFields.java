package dev.ondine.server.task;

import dev.ondine.os.Deadline;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskTerms;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The terms of a task, which every API takes beside its own parameters: {@code priority}, {@code weight}, {@code deadline_ms},
 * {@code first_token_deadline_ms}, {@code app}, {@code durable}; in the body, or else as headers {@code X-Ondine-Priority} and so on.
 */
public final class TermsFields {

    /** The words for classes of priority. */
    public static final Map<String, PriorityClass> CLASSES = Map.of("interrupt", PriorityClass.INTERRUPT,
            "foreground", PriorityClass.FOREGROUND, "normal", PriorityClass.NORMAL, "background", PriorityClass.BACKGROUND);

    private static final long MOST_MILLIS = Duration.ofDays(30).toMillis();
    private static final int MOST_NAME = 100;
    private static final double MOST_WEIGHT = 1_000;

    private final Exchange exchange;
    private final JsonFields fields;

    private TermsFields(Exchange exchange, JsonFields fields) {
        this.exchange = exchange;
        this.fields = fields;
    }

    /**
     * Reads the terms; without any they are those of somebody who waits.
     *
     * @param maxTokens that the answer may have; {@code deadline_ms} is when that many are wanted, without it the first one
     */
    public static TaskTerms of(Exchange exchange, JsonFields fields, OptionalLong maxTokens) {
        return new TermsFields(exchange, fields).terms(maxTokens);
    }

    private TaskTerms terms(OptionalLong maxTokens) {
        TaskTerms terms = TaskTerms.FOREGROUND.ofApp(app()).with(deadline(maxTokens));
        terms = value("priority").map(value -> value.choice(CLASSES)).map(terms::with).orElse(terms);
        terms = value("weight").map(value -> value.number(0.001, MOST_WEIGHT)).map(terms::weighing).orElse(terms);
        return value("durable").map(FieldValue::flag).map(terms::durable).orElse(terms);
    }

    /** A key that speaks for an app speaks for no other. */
    private String app() {
        Optional<String> named = value("app").map(value -> named(value));
        Optional<String> bound = exchange.caller().app();
        if (bound.isPresent() && named.isPresent() && !named.equals(bound)) {
            throw ApiFailure.of(403, "app_not_allowed", "this API key is for app " + bound.get() + " alone");
        }
        return bound.or(() -> named).orElse("");
    }

    private static String named(FieldValue value) {
        String name = value.text();
        if (name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw value.wrong("a name of up to " + MOST_NAME + " characters");
        }
        return name;
    }

    private Deadline deadline(OptionalLong maxTokens) {
        Optional<Duration> first = millis("first_token_deadline_ms");
        Optional<Duration> whole = millis("deadline_ms");
        if (whole.isPresent() && maxTokens.isEmpty()) {
            return Deadline.firstToken(first.filter(time -> time.compareTo(whole.get()) < 0).orElse(whole.get()));
        }
        return new Deadline(first.orElse(Deadline.NEVER), whole.isPresent() ? (int) maxTokens.getAsLong() : 0,
                whole.orElse(Deadline.NEVER));
    }

    private Optional<Duration> millis(String name) {
        return value(name).map(value -> Duration.ofMillis(value.whole(1, MOST_MILLIS)));
    }

    /** A field, or else its header, whose text counts as a number or a truth value where it is one. */
    private Optional<FieldValue> value(String name) {
        Optional<FieldValue> field = fields.value(name);
        if (field.isPresent()) {
            return field;
        }
        String header = "X-Ondine-" + name.replace('_', '-');
        return exchange.header(header).map(text -> new FieldValue("header " + header, JsonText.tree(plain(name, text))));
    }

    private static Object plain(String name, String text) {
        if (name.equals("app") || name.equals("priority")) {
            return text;
        }
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
