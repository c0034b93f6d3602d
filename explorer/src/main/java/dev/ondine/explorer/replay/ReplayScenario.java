package dev.ondine.explorer.replay;

import dev.ondine.explorer.simulate.Amount;
import dev.ondine.explorer.simulate.DesignPoint;
import dev.ondine.explorer.simulate.DesignReader;
import dev.ondine.explorer.simulate.JsonPlace;
import dev.ondine.explorer.simulate.StreamReader;
import dev.ondine.explorer.simulate.TaskStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tasks for the scheduler over some minutes, and the device on which they are simulated. The format of its file is described in
 * docs/replay.md; streams, amounts and arrivals are those of docs/scenarios.md.
 *
 * @param seconds     in which tasks come
 * @param localStart  second of the day at which it begins
 * @param cacheTokens room for all tasks together
 */
public record ReplayScenario(String name, double seconds, double localStart, DesignPoint design, long cacheTokens,
                             List<ReplayStream> streams) {

    private static final List<String> EXAMPLES = List.of("mixed", "flood", "agents");
    private static final double MOST_SECONDS = 86_400;
    private static final double MOST_TOKENS = 1e6;

    public ReplayScenario {
        streams = List.copyOf(streams);
    }

    /**
     * Tasks of one kind.
     *
     * @param stream    when they come and what they ask for
     * @param weight    among tasks of their class
     * @param inTurn    whether each waits for the one before it
     * @param tools     how often each waits for a tool
     * @param toolTime  seconds of each wait
     * @param toolReply tokens that the tool answers
     */
    public record ReplayStream(TaskStream stream, double weight, boolean inTurn, Amount tools, Amount toolTime, Amount toolReply) {
    }

    /** @throws IllegalArgumentException saying which value of the file is wrong, what was found, and what is expected */
    public static ReplayScenario read(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return read(content, file.getFileName().toString());
        }
    }

    /** One of the scenarios that come with Ondine. */
    public static ReplayScenario example(String name) throws IOException {
        if (!EXAMPLES.contains(name)) {
            throw new IllegalArgumentException("there is no file and no example \"%s\", expected a file or one of %s"
                    .formatted(name, String.join(", ", EXAMPLES)));
        }
        try (InputStream content = ReplayScenario.class.getResourceAsStream(name + ".json")) {
            return read(content, name + ".json");
        }
    }

    public static List<String> examples() {
        return EXAMPLES;
    }

    static ReplayScenario read(InputStream content, String name) {
        JsonPlace root = JsonPlace.read(content, name);
        root.object("name", "about", "duration", "start", "device", "model", "format", "cache format", "efficiency", "scheduler",
                "cache tokens", "streams");
        List<ReplayStream> streams = root.require("streams").list().stream().map(ReplayScenario::stream).toList();
        if (streams.isEmpty()) {
            throw root.require("streams").wrong("at least one stream");
        }
        return new ReplayScenario(root.require("name").text(), root.require("duration").seconds(1e-3, MOST_SECONDS),
                root.find("start").map(JsonPlace::secondOfDay).orElse(0.0), DesignReader.design(root),
                root.find("cache tokens").map(tokens -> (long) tokens.number(1, 1e12)).orElse(Long.MAX_VALUE), streams);
    }

    private static ReplayStream stream(JsonPlace place) {
        TaskStream stream = StreamReader.stream(place, List.of("weight", "in turn", "tools"));
        if (stream.place() != TaskStream.Place.DEVICE) {
            throw place.require("place").wrong("device: a replay knows no cloud");
        }
        Optional<JsonPlace> tools = place.find("tools").map(one -> one.object("count", "seconds", "tokens"));
        return new ReplayStream(stream, place.find("weight").map(weight -> weight.number(1e-3, 1e3)).orElse(1.0),
                place.find("in turn").map(JsonPlace::truth).orElse(false),
                tools.map(one -> one.require("count").amount(100)).orElse(new Amount.Fixed(0)),
                tools.map(one -> one.require("seconds").amount(3600)).orElse(new Amount.Fixed(0)),
                tools.map(one -> one.require("tokens").amount(MOST_TOKENS)).orElse(new Amount.Fixed(0)));
    }
}
