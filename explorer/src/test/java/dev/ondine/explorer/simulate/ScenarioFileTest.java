package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.os.PriorityClass;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.device.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioFileTest {

    private static final String GOOD = """
            {"name": "n", "duration": "1 h", "device": {"figures": {"memory bandwidth": "100 GB/s", "int8 peak": "10 TOPS"}},
             "model": {"parameters": 1e9}, "format": "INT8",
             "streams": [{"name": "a", "class": "normal", "arrivals": {"every": "1 s"}, "prompt": 10, "answer": 5}]}""";

    @TempDir
    Path folder;

    @Test
    void readsAFile() throws IOException {
        Scenario scenario = Scenario.read(Files.writeString(folder.resolve("day.json"), GOOD));
        assertThat(scenario.seconds()).isEqualTo(3600);
        assertThat(scenario.design().figures()).containsEntry(Spec.MEMORY_BANDWIDTH, 100e9);
        assertThat(scenario.streams()).singleElement().satisfies(stream -> assertThat(stream.priority()).isEqualTo(PriorityClass.NORMAL));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "\"1 h\" | \"1 parsec\" | day.json.duration: \"1 parsec\" is not in seconds; expected a number and one of s, us, ms, min, h",
        "\"1 h\" | -1 | day.json.duration is -1, expected 0.001 to 34560000 s",
        "\"1 h\" | true | day.json.duration is true, expected a number with its unit, such as \"1 s\"",
        "\"normal\" | \"urgent\" | day.json.streams[0].class is \"urgent\", expected one of interrupt, foreground, normal, background",
        "\"prompt\": 10 | \"prompt\": {} | "
                + "day.json.streams[0].prompt is {}, expected tokens of at least one of text, image, audio, video, action",
        "\"prompt\": 10 | \"prompt\": {\"image\": {\"of\": \"whisper\", \"count\": 1}} | "
                + "day.json.streams[0].prompt.image.of is \"whisper\", "
                + "expected one of vit-16, llava-1.5, gpt-4o-low, gpt-4o-1024, next-gpt-image",
        "\"answer\": 5 | \"answr\": 5 | "
                + "day.json.streams[0] has \"answr\", expected only name, class, place, arrivals, prompt, answer, answer as, deadline, upload",
        ", \"answer\": 5 | `` | day.json.streams[0] has no \"answer\", but it is needed",
        "\"answer\": 5 | \"answer\": {\"uniform\": [5, 2]} | day.json.streams[0].answer.uniform[1] is 2, expected 5 to 10000000",
        "\"answer\": 5 | \"answer\": {\"uniform\": [5]} | "
                + "day.json.streams[0].answer.uniform is [5], expected two numbers, the least and the most",
        "{\"every\": \"1 s\"} | {} | day.json.streams[0].arrivals is {}, expected exactly one of \"at\", \"every\" and \"per hour\"",
        "{\"every\": \"1 s\"} | {\"at\": [\"25:00\"]} | "
                + "day.json.streams[0].arrivals.at[0] is \"25:00\", expected a time of day from \"00:00\" to \"24:00\"",
        "{\"every\": \"1 s\"} | {\"per hour\": [1, 2]} | "
                + "day.json.streams[0].arrivals.per hour is [1,2], expected one number, or 24, one for each hour",
        "\"100 GB/s\" | \"1 B/s\" | day.json.device.figures.memory bandwidth is \"1 B/s\", expected 1000000 to 1.0E17 B/s",
        "{\"parameters\": 1e9} | {} | day.json.model is {}, expected either an \"id\", or \"parameters\" or a \"transformer\"",
        "\"prompt\": 10 | \"place\": \"cloud\", \"prompt\": 10 | day.json: stream \"a\" may run in the cloud, but there is no \"cloud\"",
        "\"name\": \"n\" | \"name\": 3 | day.json.name is 3, expected a text",
        "\"name\": \"n\" | \"name\": \"n\", \"bins\": 2.5 | day.json.bins is 2.5, expected a whole number"})
    void saysWhereWhatAndWhatIsExpected(String good, String bad, String message) throws IOException {
        assertThat(GOOD).contains(good);
        Path file = Files.writeString(folder.resolve("day.json"), GOOD.replace(good, bad));
        assertThatThrownBy(() -> Scenario.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {"{\"name\": | day.json:1:", "`` | day.json",
            "{\"name\": \"a\", \"name\": \"b\"} | Duplicate",
        "[] | expected an object", "{} {} | day.json:1:"})
    void refusesWhatIsNoScenario(String text, String part) throws IOException {
        Path file = Files.writeString(folder.resolve("day.json"), text);
        assertThatThrownBy(() -> Scenario.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
    }

    @Test
    void unknownFormatsNameTheKnownOnes() {
        assertThatThrownBy(() -> Worlds.read(GOOD.replace("INT8", "INT9"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("scenario.format: there is no format \"INT9\", expected bits a weight or one of");
    }

    @Test
    void namesThatNeedACatalogueAreLookedUpInIt() {
        Scenario scenario = Worlds.read(GOOD.replace("{\"parameters\": 1e9}", "{\"id\": \"some-model\"}"));
        assertThatThrownBy(() -> Simulation.run(scenario, DesignCatalogue.NONE, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the scenario names \"some-model\", but no catalogue was given to look it up");
    }

    @Test
    void cataloguedDesignsRunOnCataloguedServers() {
        ScenarioReport report = Simulation.run(Worlds.read("""
                {"name": "n", "duration": "1 h", "device": {"id": "dimensity-9300"}, "model": {"id": "llama-3.2-3b"}, "format": "Q4_0",
                 "cloud": {"machine": {"device": {"id": "h100"}, "model": {"id": "llama-3-70b"}, "format": "FP8",
                   "scheduler": {"batch": 32, "chunk": 512}}, "sequences": 16},
                 "link": {"rtt": "40 ms"},
                 "streams": [{"name": "here", "class": "normal", "arrivals": {"every": "1 min"}, "prompt": 100, "answer": 50},
                   {"name": "there", "class": "normal", "place": "cloud",
                    "arrivals": {"every": "1 min"}, "prompt": 100, "answer": 50}]}"""),
                DesignCatalogue.of(Catalogue.builtIn()), 1);
        // 1.8 GB over 76.8 GB/s at three quarters at best: 31 ms a token; 70.6 GB over 3.35 TB/s likewise: 28 ms.
        assertThat(report.stream("here").completion().p50()).isBetween(50 * 0.025, 50 * 0.060);
        assertThat(report.stream("there").completion().p50()).isBetween(0.040 + 50 * 0.021, 0.040 + 50 * 0.045);
        assertThat(report.stream("here").completed()).isEqualTo(60);
    }
}
