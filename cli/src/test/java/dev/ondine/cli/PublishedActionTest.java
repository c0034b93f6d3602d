package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class PublishedActionTest {

    @Test
    void jsonHasEveryResidualAndTheSummary() {
        JsonNode json = Shell.run("plan", "--published", "--json").json();
        assertThat(json.get("summary").get("points").asInt()).isGreaterThanOrEqualTo(12);
        assertThat(json.get("by_device").size()).isGreaterThanOrEqualTo(5);
        JsonNode first = json.get("residuals").get(0);
        double relative = first.get("predicted").asDouble() / first.get("published").asDouble() - 1;
        assertThat(first.get("residual").asDouble()).isEqualTo(relative);
        assertThat(first.get("source").asString()).isNotBlank();
    }

    @Test
    void whatCannotBePredictedIsNull() {
        JsonNode residuals = Shell.run("plan", "--published", "--json").json().get("residuals");
        assertThat(residuals.valueStream().filter(residual -> residual.get("device").asString().equals("hailo-10h")))
                .singleElement().satisfies(residual -> assertThat(residual.get("predicted").isNull()).isTrue());
    }

    @Test
    void usersAddSpeedsOfTheirOwn(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("mine.rates"), """
                [mine]
                device: h100
                model: no-such-model
                format: Q4_0
                kind: decode
                stack: tuned
                result: 100 tok/s | stated | me
                """);
        Shell.run("plan", "--published", "--catalogue", folder.toString())
                .failedWith(ExitCode.WRONG_USE, "no model is called \"no-such-model\"");
    }

    @Test
    void writesAReport(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("published.md");
        assertThat(Shell.run("plan", "--published", "-o", report.toString()).exitCode()).isZero();
        assertThat(Files.readString(report)).startsWith("# Predictions beside published speeds").contains("| Raspberry Pi 5 |");
    }
}
