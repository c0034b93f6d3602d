package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class PlanCommandTest {

    private static final String[] SEVEN_BILLION = {"--params", "7e9", "--bits", "4", "--bandwidth", "76.8GB/s", "--mbu", "1.0"};

    @TempDir
    private Path folder;

    private static Shell.Outcome plan(String[] first, String... more) {
        List<String> arguments = new ArrayList<>(List.of("plan"));
        arguments.addAll(List.of(first));
        arguments.addAll(List.of(more));
        return Shell.run(arguments.toArray(String[]::new));
    }

    private static Shell.Outcome plan(String arguments) {
        return plan(arguments.split(" "));
    }

    @Test
    void plansWithoutTheCatalogue() {
        JsonNode json = plan(SEVEN_BILLION, "--json").json();

        assertThat(json.at("/decode/tokens_per_second").doubleValue()).isCloseTo(21.94, within(0.01));
        assertThat(json.at("/decode/bound").stringValue()).isEqualTo("memory");
        assertThat(json.at("/bytes/weights").doubleValue()).isEqualTo(3.5e9);
        assertThat(json.at("/fits").isNull()).isTrue();
        assertThat(json.at("/prefill/tokens_per_second").isNull()).as("no peak is known").isTrue();
        assertThat(json.at("/assumptions/mbu").doubleValue()).isEqualTo(1);
    }

    @Test
    void answersOnOneScreen() {
        Shell.Outcome outcome = plan("llama-3.2-3b --on dimensity-9300 --draft llama-3.2-1b --cloud h100 --rtt 50ms".split(" "));

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines()).hasSizeLessThan(25).allSatisfy(line -> assertThat(line.length()).isLessThan(140));
        assertThat(outcome.out()).contains("fits", "tokens/s", "bound by memory", "first token", "a token", "238 words", "1000 words",
                "would help", "together");
    }

    @Test
    void givesEveryFigureWithItsSource() {
        JsonNode json = plan("llama-2-7b --on dimensity-9300 --json").json();

        assertThat(json.at("/fits").booleanValue()).isTrue();
        assertThat(json.at("/bytes/total").doubleValue())
                .isEqualTo(json.at("/bytes/weights").doubleValue() + json.at("/bytes/kv").doubleValue());
        assertThat(json.at("/assumptions/figures/memory bandwidth/trust").stringValue()).isEqualTo("inferred");
        assertThat(json.at("/assumptions/figures/memory bandwidth/source").stringValue()).isNotEmpty();
        assertThat(json.at("/improvements").size()).isBetween(1, 3);
    }

    @Test
    void solvesForTheBandwidth() {
        JsonNode json = plan("--params 7e9 --bits 4 --mbu 1.0 --solve bandwidth --json --target".split(" "), "20 tok/s").json();

        assertThat(json.at("/value").doubleValue()).isCloseTo(70e9, within(70e3));
        assertThat(json.at("/plan/decode/tokens_per_second").doubleValue()).isCloseTo(20, within(2e-5));
    }

    @Test
    void namesWhatMakesATargetImpossible() {
        plan("llama-2-7b --format INT4 -c 8192 --solve bandwidth --target".split(" "), "20 tok/s, <= 4 W")
                .failedWith(ExitCode.FAILED, "no memory bandwidth", "4 W", "draws");
    }

    @Test
    void readsTheShapeOfAFile() {
        Path file = folder.resolve("model.gguf");
        assertThat(Shell.run("synth", "--layers", "2", "--dim", "256", "--ffn", "512", "--heads", "4", "--format", "Q8_0", "-o",
                file.toString()).exitCode()).isZero();

        JsonNode json = plan(new String[] {file.toString(), "--bandwidth", "10GB/s", "--json"}).json();

        assertThat(json.at("/format").stringValue()).isEqualTo("as stored");
        assertThat(json.at("/bytes/weights").doubleValue()).isBetween(0.9 * file.toFile().length(), (double) file.toFile().length());
    }

    @Test
    void usesTheUsersOwnCards() throws IOException {
        Path card = Files.writeString(folder.resolve("mine.device"), """
                [my-board]
                name: My board
                kind: edge
                memory bandwidth: 10 GB/s | measured | with a stopwatch
                """);

        JsonNode json = plan(new String[] {"llama-3.2-1b", "--on", "my-board", "--catalogue", card.toString(), "--json"}).json();

        assertThat(json.at("/device").stringValue()).isEqualTo("my-board");
        assertThat(json.at("/assumptions/figures/memory bandwidth/trust").stringValue()).isEqualTo("measured");
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices", "models", "memories"})
    void listsTheCatalogue(String shelf) {
        assertThat(plan("--list " + shelf).out().lines().count()).isGreaterThan(20);
        assertThat(plan("--list " + shelf + " --json").json().get(shelf).size()).isGreaterThan(20);
    }

    @Test
    void showsTheParetoFront() {
        JsonNode front = plan("--pareto --on dimensity-9300 --json").json().get("front");

        assertThat(front.size()).isGreaterThan(5);
        assertThat(front.valueStream().map(point -> point.get("bytes").doubleValue())).allMatch(bytes -> bytes <= 24e9);
    }

    @Test
    void drawsChartsInEveryFormat() throws IOException {
        for (ChartFormat format : ChartFormat.values()) {
            Path file = folder.resolve("chart." + format);
            assertThat(plan("--chart token-speed-int4 --as " + format + " -o " + file).exitCode()).isZero();
            assertThat(Files.size(file)).as("%s", format).isPositive();
        }
        assertThat(plan("--table sizes").out()).contains("3.37");
        assertThat(plan("--chart token-speed-int4 --json").json().get("series").size()).isGreaterThan(5);
    }

    @Test
    void writesOnePageThatOpensOnTheDesign() throws IOException {
        Path page = folder.resolve("page.html");

        assertThat(plan("llama-3.2-3b --on dimensity-9300 --page -o " + page).exitCode()).isZero();

        assertThat(Files.readString(page)).contains("dimensity-9300", "llama-3.2-3b", "Acceptance α", "</html>");
        assertThat(folder.toFile().list()).as("nothing half-written stays").containsExactly("page.html");
    }

    @Test
    void saysAtOnceThatAReportHasNoPlace() {
        plan("--validate -o " + folder.resolve("none/report.md")).failedWith(ExitCode.FAILED, "there is no folder");
        plan("--chart sizes -o " + folder.resolve("none/x.svg")).failedWith(ExitCode.FAILED, "there is no folder");
    }

    @Test
    void simulatesTheSameDayTwice() {
        Shell.Outcome day = plan("--simulate robot-50hz --seed 3 --json");

        assertThat(day.exitCode()).as(day.err()).isZero();
        assertThat(plan("--simulate robot-50hz --seed 3 --json").out()).isEqualTo(day.out());
        assertThat(plan("--simulate robot-50hz --seed 4 --json").out()).isNotEqualTo(day.out());
    }

    @Test
    void sweepsOverDesigns() {
        JsonNode points = plan(new String[] {"--simulate", "phone-day", "--sweep", "memory bandwidth=51.2GB/s,76.8GB/s", "--sweep", "batch=1,4",
            "--json"}).json().get("points");

        assertThat(points.size()).isEqualTo(4);
    }

    @Test
    void drawsTheTimelineOfADay() throws IOException {
        Path file = folder.resolve("day.svg");

        assertThat(plan("--simulate phone-day -o " + file).exitCode()).isZero();

        assertThat(Files.readString(file)).contains("<svg", "battery");
    }

    @Test
    void showsPredictionsBesidePublishedSpeeds() {
        assertThat(plan("--published --json").exitCode()).isZero();
        assertThat(plan("--published").out()).contains("median error");
    }

    @Test
    void addsWhatAPromptHolds() {
        double bare = plan("llama-3.2-3b --on h100 --json").json().at("/assumptions/prompt").doubleValue();
        double full = plan("llama-3.2-3b --on h100 --attach llava-1.5:2,whisper:30 --retrieve 5x200 --json").json()
                .at("/assumptions/prompt").doubleValue();

        assertThat(full - bare).isEqualTo(2 * 576 + 30 * 50 + 5 * 200);
    }

    @Test
    void prunedWeightsTakeLessAndAdaptersMore() {
        double dense = plan("llama-3.2-3b --on h100 --format FP16 --json").json().at("/bytes/weights").doubleValue();
        double pruned = plan("llama-3.2-3b --on h100 --format FP16 --sparse 2:4 --json").json().at("/bytes/weights").doubleValue();
        double adapted = plan("llama-3.2-3b --on h100 --format FP16 --lora 16 --json").json().at("/bytes/weights").doubleValue();

        assertThat(pruned / dense).isBetween(0.5625, 0.7);
        assertThat(adapted / dense).isBetween(1.001, 1.02);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pareto --page -o x.html                           | at a time, found 2
            --chart sped                                        | no chart is called "sped"
            --chart sizes --as png                              | a PNG needs a file
            --page                                              | --output is missing
            --simulate never                                    | never
            --simulate phone-day --sweep batch=0                | batch "0"
            --simulate phone-day --sweep colour=red             | "colour" cannot be varied
            llama-2-7b --bandwidth 50GB/s --sparse 5:4          | 5 of 4 weights cannot be kept
            llama-2-7b --bandwidth 50GB/s --attach smell:3      | no way to make tokens "smell"
            llama-2-7 --bandwidth 50GB/s                        | no model is called "llama-2-7"; nearest: llama-2-7b
            llama-2-7b --on dimensity9300                       | no device is called "dimensity9300"; nearest: dimensity-9300
            llama-2-7b --bandwidth fast                         | "fast" is not in bytes per second; expected a number and one of B/s
            llama-2-7b --bandwidth 1B/s                         | memory bandwidth is 1.0, expected
            llama-2-7b --bandwidth 50GB/s --format Q9           | there is no format "Q9"
            llama-2-7b --bandwidth 50GB/s --mbu 7               | memory efficiency is 7.0, expected 0.001 to 1.2
            llama-2-7b --bandwidth 50GB/s --batch 0             | batch is 0, expected 1 to
            llama-2-7b --bandwidth 50GB/s --context -1          | context is -1, expected 0 to
            --params -7 --bandwidth 50GB/s                      | --params is -7.0, expected 1 to
            --bandwidth 50GB/s                                  | name a model of the catalogue
            llama-2-7b --bandwidth 50GB/s --solve speed --target 5 | speed
            llama-2-7b --bandwidth 50GB/s --solve bandwidth     | --target is missing
            --list stars                                        | stars
            """)
    void refusesWhatMakesNoSense(String arguments, String message) {
        plan(arguments).failedWith(ExitCode.WRONG_USE, message);
    }
}
