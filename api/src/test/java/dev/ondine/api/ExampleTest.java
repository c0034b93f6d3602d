package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the documents, as a reader runs it. */
@Timeout(120)
class ExampleTest {

    @Test
    void doesWhatItSays() throws Exception {
        Path example = Path.of(System.getProperty("ondine.root"), "docs", "examples", "EmbedOndine.java");
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), example.toString())
                .redirectErrorStream(true).start();
        String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(out).isZero();
        assertThat(out.lines().map(line -> line.replaceFirst("after [0-9]+ ms", "after N ms"))).containsExactly(
                "<tool_call>{\"name\": \"set_alarm\", \"arguments\": {\"time\": \"18:30\"}}</tool_call>",
                "first token of the urgent task after N ms; the slow one ended as CANCELLED",
                "call set_alarm with {\"time\": \"18:30\"}",
                out.contains("{\"mood\":\"good\"}") ? "JSON: {\"mood\":\"good\"}" : "JSON: {\"mood\":\"bad\"}",
                "alike: true");
    }
}
