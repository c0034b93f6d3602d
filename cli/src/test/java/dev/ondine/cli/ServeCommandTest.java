package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class ServeCommandTest {

    private static final String WAKE = "{\"messages\": [{\"role\": \"user\", \"content\": \"Wake me at half past six\"}]}";

    @TempDir
    private Path folder;

    /** A server in a process of its own. */
    private record Served(Process process, BufferedReader out, JsonNode announced) implements AutoCloseable {

        String address() {
            return announced.get("address").stringValue();
        }

        HttpURLConnection open(String path) throws IOException {
            return (HttpURLConnection) URI.create(address() + path).toURL().openConnection();
        }

        void signal(String name) throws Exception {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static Served serve(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "serve", "--port", "0", "--json"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new Served(process, out, new JsonMapper().readTree(out.readLine()));
    }

    private static JsonNode post(HttpURLConnection connection, String body) throws IOException {
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        try (InputStream answer = connection.getInputStream()) {
            return new JsonMapper().readTree(answer);
        }
    }

    @Test
    @DisabledOnOs(value = WINDOWS, disabledReason = "sends a signal")
    void answersUntilItIsInterrupted() throws Exception {
        try (Served served = serve()) {
            assertThat(served.announced.get("models").toString()).isEqualTo("[\"pebble\"]");
            assertThat(served.address()).startsWith("http://127.0.0.1:");
            assertThat(post(served.open("/v1/chat/completions"), WAKE).toString()).contains("set_alarm");

            served.signal("INT");

            assertThat(served.process.waitFor()).isZero();
            assertThat(served.out.readLine()).isNull();
        }
    }

    @Test
    @DisabledOnOs(value = WINDOWS, disabledReason = "sends a signal")
    void servesSeveralModelsToThoseWithAKey() throws Exception {
        Path model = PebbleVariant.write(folder.resolve("other.gguf"), Map.of());
        Path keys = Files.writeString(folder.resolve("keys"), "# of the house\nsecret-of-the-house kitchen\n");
        try (Served served = serve("-m", model.toString(), "-m", "second=" + model, "--api-keys", keys.toString(), "--state", folder.resolve("state").toString())) {
            assertThat(served.announced.get("models").toString()).isEqualTo("[\"other\",\"second\"]");
            assertThat(served.open("/v1/models").getResponseCode()).isEqualTo(401);
            HttpURLConnection connection = served.open("/v1/chat/completions");
            connection.setRequestProperty("Authorization", "Bearer secret-of-the-house");
            assertThat(post(connection, WAKE.replace("{\"messages", "{\"model\": \"second\", \"messages")).get("model").stringValue()).isEqualTo("second");

            served.signal("TERM");

            assertThat(served.process.waitFor()).isZero();
        }
    }

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        Shell.run("serve", "--port", "70000").failedWith(2, "port is 70000");
        Shell.run("serve", "--host", "0.0.0.0").failedWith(2, "API key");
        Shell.run("serve", "--tls-cert", "cert.pem").failedWith(2, "--tls-key");
        Shell.run("serve", "--step-bound", "soon").failedWith(2, "expected a time such as 50ms");
        Shell.run("serve", "--kv-memory", "much").failedWith(2, "--kv-memory", "expected a size");
        Shell.run("serve", "--port", "0", "-m", folder.resolve("absent.gguf").toString()).failedWith(1, "absent.gguf");
        Path bad = Files.writeString(folder.resolve("bad.gguf"), "no model");
        Shell.run("serve", "--port", "0", "-m", bad.toString()).failedWith(1, "bad.gguf");
        Shell.run("serve", "--port", "0", "--kv-memory", "1KB").failedWith(1, "KV memory of 1,000 bytes");
    }
}
