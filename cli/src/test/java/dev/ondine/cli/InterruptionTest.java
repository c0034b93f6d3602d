package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import dev.ondine.fixtures.RandomModel;
import dev.ondine.tensor.NumberFormat;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@DisabledOnOs(value = WINDOWS, disabledReason = "sends a signal")
class InterruptionTest {

    @TempDir
    private Path folder;

    @Test
    void anInterruptedRunSaysWhatItHasAndEndsWith130() throws Exception {
        Process process = start("--json");
        // The notice about the template comes when the model is loaded and the answer about to begin.
        readUntil(process.getErrorStream(), "no chat template");
        interrupt(process);

        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(new JsonMapper().readTree(out).get("finish_reason").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void anInterruptedAnswerEndsItsLine() throws Exception {
        Process process = start();
        InputStream out = process.getInputStream();
        assertThat(out.read()).isNotNegative();
        interrupt(process);

        assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).endsWith(System.lineSeparator());
        assertThat(process.waitFor()).isEqualTo(130);
    }

    /** An answer that ends with its context of a million tokens only. */
    private Process start(String... more) throws Exception {
        Path model = RandomModel.tiny("llama", NumberFormat.F32).write(folder.resolve("endless.gguf"));
        var command = new java.util.ArrayList<>(java.util.List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "run", "--kernels", "scalar", "-m", model.toString(), "-c", "1000000", "--logit-bias", "287=-1000", "--logit-bias", "285=-1000"));
        command.addAll(java.util.List.of(more));
        command.add("Hello");
        return new ProcessBuilder(command).start();
    }

    private static void interrupt(Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void readUntil(InputStream stream, String wanted) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (int next; seen.indexOf(wanted) < 0 && (next = stream.read()) >= 0; ) {
            seen.append((char) next);
        }
        assertThat(seen).contains(wanted);
    }
}
