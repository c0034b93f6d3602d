package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.TaskStream.Place;
import dev.ondine.os.PriorityClass;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.formula.ModalTokens;
import dev.ondine.roofline.formula.Modality;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A stream of tasks out of a scenario file. */
public final class StreamReader {

    private static final double MOST_TOKENS = 10_000_000;
    private static final double MOST_PER_HOUR = 3.6e9;
    private static final int HOURS = 24;

    private static final List<String> KEYS =
            List.of("name", "class", "place", "arrivals", "prompt", "answer", "answer as", "deadline", "upload");

    private StreamReader() {
    }

    static TaskStream stream(JsonPlace stream) {
        return stream(stream, List.of());
    }

    /** @param moreKeys that it may have, for the caller to read */
    public static TaskStream stream(JsonPlace stream, List<String> moreKeys) {
        stream.object(Stream.concat(KEYS.stream(), moreKeys.stream()).toArray(String[]::new));
        Optional<JsonPlace> deadline = stream.find("deadline").map(place -> place.object("first token", "completion"));
        JsonPlace arrivals = stream.require("arrivals");
        return new TaskStream(stream.require("name").text(), stream.require("class").oneOf(PriorityClass.class),
                stream.find("place").map(place -> place.oneOf(Place.class)).orElse(Place.DEVICE), arrivals(arrivals),
                arrivals.find("burst").map(burst -> burst.amount(10_000)).orElse(new Amount.Fixed(1)), prompt(stream.require("prompt")),
                stream.require("answer").amount(MOST_TOKENS),
                stream.find("answer as").map(place -> place.oneOf(Modality.class)).orElse(Modality.TEXT),
                seconds(deadline, "first token"), seconds(deadline, "completion"),
                stream.find("upload").map(upload -> upload.quantity(Unit.BYTES, 0, 1e15)).orElse(0.0));
    }

    private static double seconds(Optional<JsonPlace> deadline, String key) {
        return deadline.flatMap(place -> place.find(key)).map(place -> place.seconds(0, 1e9)).orElse(Double.POSITIVE_INFINITY);
    }

    /** A number of text tokens, or an amount for each modality. */
    private static Map<Modality, Amount> prompt(JsonPlace prompt) {
        Map<Modality, Amount> amounts = new EnumMap<>(Modality.class);
        String[] names = Stream.of(Modality.values()).map(JsonPlace::word).toArray(String[]::new);
        if (!prompt.node().isObject() || prompt.node().has("uniform") || prompt.node().has("lognormal")) {
            return Map.of(Modality.TEXT, prompt.amount(MOST_TOKENS));
        }
        prompt.object(names);
        for (Modality modality : Modality.values()) {
            prompt.find(JsonPlace.word(modality)).ifPresent(place -> amounts.put(modality, tokens(place, modality)));
        }
        if (amounts.isEmpty()) {
            throw prompt.wrong("tokens of at least one of " + String.join(", ", names));
        }
        return amounts;
    }

    /** Tokens, or items of a kind that makes some each: {@code {"of": "llava-1.5", "count": 2}}, for a stream its seconds. */
    private static Amount tokens(JsonPlace place, Modality modality) {
        if (place.find("of").isEmpty()) {
            return place.amount(MOST_TOKENS);
        }
        place.object("of", "count");
        List<ModalTokens> ways = ModalTokens.published().stream().filter(way -> way.modality() == modality).toList();
        String id = place.require("of").text();
        ModalTokens found = ways.stream().filter(way -> way.id().equals(id)).findAny().orElseThrow(() -> place.require("of")
                .wrong("one of " + String.join(", ", ways.stream().map(ModalTokens::id).toList())));
        return new Amount.Times(found.tokens(), place.require("count").amount(MOST_TOKENS / found.tokens()));
    }

    private static Arrivals arrivals(JsonPlace arrivals) {
        arrivals.object("at", "every", "from", "to", "per hour", "burst");
        if (Stream.of("at", "every", "per hour").filter(key -> arrivals.find(key).isPresent()).count() != 1) {
            throw arrivals.wrong("exactly one of \"at\", \"every\" and \"per hour\"");
        }
        if (arrivals.find("every").isPresent()) {
            return new Arrivals.Periodic(arrivals.require("every").seconds(1e-4, 1e6), arrivals.span());
        }
        if (arrivals.find("from").isPresent() || arrivals.find("to").isPresent()) {
            throw arrivals.wrong("\"from\" and \"to\" only with \"every\"");
        }
        return arrivals.find("at").map(StreamReader::daily).orElseGet(() -> poisson(arrivals.require("per hour")));
    }

    private static Arrivals daily(JsonPlace at) {
        List<Double> times = at.list().stream().map(JsonPlace::secondOfDay).toList();
        if (times.isEmpty()) {
            throw at.wrong("at least one time of day");
        }
        return new Arrivals.Daily(times);
    }

    private static Arrivals poisson(JsonPlace rate) {
        if (!rate.node().isArray()) {
            return new Arrivals.Poisson(Collections.nCopies(HOURS, rate.number(0, MOST_PER_HOUR)));
        }
        List<Double> perHour = rate.list().stream().map(place -> place.number(0, MOST_PER_HOUR)).toList();
        if (perHour.size() != HOURS) {
            throw rate.wrong("one number, or 24, one for each hour");
        }
        return new Arrivals.Poisson(perHour);
    }
}
