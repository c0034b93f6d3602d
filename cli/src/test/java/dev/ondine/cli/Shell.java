package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands in this process, with streams that are no terminal. */
final class Shell {

    private Shell() {
    }

    /** What a command left behind. */
    record Outcome(int exitCode, String out, String err) {

        /** The one JSON object that standard output must be. */
        JsonNode json() {
            assertThat(exitCode).as(err).isZero();
            assertThat(out).endsWith("\n").containsOnlyOnce("\n");
            return new JsonMapper().readTree(out);
        }

        void failedWith(int expectedCode, String... partsOfTheMessage) {
            assertThat(exitCode).as(err).isEqualTo(expectedCode);
            assertThat(out).isEmpty();
            assertThat(err.lines()).as(err).hasSize(1);
            assertThat(err).contains(partsOfTheMessage);
        }
    }

    static Outcome run(String... args) {
        return runWithInput("", args);
    }

    static Outcome runWithInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new Main(console(input, out, err, false)).run(args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Console console(String input, ByteArrayOutputStream out, ByteArrayOutputStream err, boolean isTerminal) {
        return new Console(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new Output(out),
                new Output(err), isTerminal, isTerminal, isTerminal, Map.of());
    }

    static List<Integer> ints(JsonNode array) {
        return array.valueStream().map(JsonNode::intValue).toList();
    }

    /** Token ids as options take them. */
    static String joined(JsonNode ids) {
        return String.join(",", ids.valueStream().map(JsonNode::asString).toList());
    }
}
