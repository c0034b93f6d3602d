package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.http.Access;
import dev.ondine.server.http.ApiKey;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tasks, statistics, steps, metrics and health of a running server with the embedded model. */
final class MonitorTest {

    private static final String STORY = "{\"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"max_tokens\": %d, \"app\": \"notes\"%s}";

    private static ModelServer server;

    @BeforeAll
    static void start() {
        server = new ModelServer(TrialServer.OPTIONS.with(Access.usual()));
    }

    @AfterAll
    static void stop() {
        assertThat(server.broken).isEmpty();
        server.close();
    }

    /** A task that waits until it is resumed. */
    private static long pausedTask(String more) throws Exception {
        JsonNode task = server.ask("/v1/tasks", STORY.formatted(20, more));
        long id = task.at("/id").asLong();
        server.ask("/v1/tasks/" + id + "/pause", "");
        return id;
    }

    private static JsonNode awaitEnd(long id) throws Exception {
        while (true) {
            JsonNode task = server.show("/v1/tasks/" + id);
            if (task.at("/state").asString().equals("done")) {
                return task;
            }
            Thread.sleep(10);
        }
    }

    @Test
    void startsATaskWithoutWaitingAndKeepsItsAnswer() throws Exception {
        HttpResponse<String> started = server.post("/v1/tasks", STORY.formatted(5, ", \"priority\": \"background\", \"temperature\": 0"));
        JsonNode task = ModelServer.JSON.readTree(started.body());

        assertThat(started.statusCode()).isEqualTo(202);
        assertThat(task.at("/app").asString()).isEqualTo("notes");
        assertThat(task.at("/class").asString()).isEqualTo("background");
        JsonNode ended = awaitEnd(task.at("/id").asLong());
        assertThat(ended.at("/finish_reason").asString()).isEqualTo("length");
        assertThat(ended.at("/generated").asInt()).isEqualTo(5);
        assertThat(ended.at("/done_ms").asDouble()).isGreaterThan(ended.at("/submitted_ms").asDouble());
        assertThat(ended.at("/result/choices/0/message/content").asString()).isNotBlank().isEqualTo(ended.at("/text").asString());
    }

    @Test
    void pausesResumesAndSteersATask() throws Exception {
        long id = pausedTask(", \"temperature\": 0");
        try {
            JsonNode paused = server.show("/v1/tasks/" + id);
            if (!paused.at("/state").asString().equals("done")) {
                assertThat(paused.at("/paused").asBoolean()).isTrue();
                assertThat(server.show("/v1/tasks").at("/data").valueStream().map(task -> task.at("/id").asLong())).contains(id);
                assertThat(server.ask("/v1/tasks/" + id + "/priority", "{\"priority\": \"interrupt\"}").at("/class").asString())
                        .isEqualTo("interrupt");
                assertThat(server.post("/v1/tasks/" + id + "/priority", "{\"priority\": \"soon\"}").statusCode()).isEqualTo(400);
            }
        } finally {
            server.ask("/v1/tasks/" + id + "/resume", "");
        }
        assertThat(awaitEnd(id).at("/finish_reason").asString()).isEqualTo("length");
    }

    @Test
    void cancelsATask() throws Exception {
        long id = pausedTask("");
        server.ask("/v1/tasks/" + id + "/cancel", "");

        JsonNode ended = awaitEnd(id);
        assertThat(ended.at("/finish_reason").asString()).isIn("cancelled", "length");
        assertThat(server.get("/v1/tasks/999999999").statusCode()).isEqualTo(404);
        assertThat(server.get("/v1/tasks/..").statusCode()).isEqualTo(404);
        assertThat(server.post("/v1/tasks/999999999/cancel", "").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesADeadlineThatCannotBeMet() throws Exception {
        HttpResponse<String> answer = server.post("/v1/chat/completions", STORY.formatted(400, ", \"deadline_ms\": 1"));

        assertThat(answer.statusCode()).isEqualTo(409);
        JsonNode error = ModelServer.JSON.readTree(answer.body()).at("/error");
        assertThat(error.at("/code").asString()).isEqualTo("deadline_unattainable");
        assertThat(error.at("/earliest_ms").asLong()).isPositive();
        assertThat(answer.headers().firstValue("X-Ondine-Earliest-Ms")).hasValue(error.at("/earliest_ms").asString());
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
    }

    @Test
    void takesTermsFromHeadersToo() throws Exception {
        HttpRequest.Builder request = server.request("/v1/tasks").header("X-Ondine-Priority", "interrupt").header("X-Ondine-App", "car")
                .header("X-Ondine-Weight", "2.5").POST(BodyPublishers.ofString(STORY.formatted(3, "").replace(", \"app\": \"notes\"", "")));
        JsonNode task = ModelServer.JSON.readTree(server.send(request).body());

        assertThat(task.at("/class").asString()).isEqualTo("interrupt");
        assertThat(task.at("/app").asString()).isEqualTo("car");
        assertThat(task.at("/weight").asDouble()).isEqualTo(2.5);
        awaitEnd(task.at("/id").asLong());
        assertThat(server.show("/v1/stats").at("/interrupts/count").asInt()).isPositive();
    }

    @Test
    void streamsStepsAndStatistics() throws Exception {
        try (Stream<String> lines = server.lines("/v1/monitor")) {
            Thread load = Thread.startVirtualThread(() -> {
                try {
                    server.ask("/v1/chat/completions", STORY.formatted(30, ""));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            var iterator = lines.iterator();
            assertThat(iterator.next()).isEqualTo("event: stats");
            JsonNode stats = ModelServer.JSON.readTree(iterator.next().substring(6));
            assertThat(stats.at("/models/0/id").asString()).isEqualTo("pebble");
            JsonNode step = firstStep(iterator);
            assertThat(step.at("/ms").asDouble()).isPositive();
            assertThat(step.at("/parts/0/app").asString()).isEqualTo("notes");
            assertThat(step.at("/parts/0/kind").asString()).isIn("prefill", "decode");
            load.join();
        }
    }

    private static JsonNode firstStep(Iterator<String> lines) {
        while (!lines.next().equals("event: steps")) {
            continue;
        }
        return ModelServer.JSON.readTree(lines.next().substring(6)).at("/steps/0");
    }

    @Test
    void tellsEverythingOnce() throws Exception {
        server.ask("/v1/chat/completions", STORY.formatted(10, ""));
        JsonNode stats = server.show("/v1/stats");

        assertThat(stats.at("/version").asString()).isEqualTo("trial");
        assertThat(stats.at("/scheduler/step_bound_ms").asDouble()).isEqualTo(50);
        assertThat(stats.at("/memory/weights_bytes").asLong()).isGreaterThan(1_000_000);
        assertThat(stats.at("/memory/free_bytes").asLong()).isPositive();
        assertThat(stats.at("/ended/0/finish_reason").asString()).isNotBlank();
        assertThat(stats.at("/step_error/count").asInt()).isPositive();
        assertThat(stats.at("/queue/waiting").asInt()).isNotNegative();
    }

    @Test
    void countsForPrometheus() throws Exception {
        server.ask("/v1/chat/completions", STORY.formatted(10, ""));
        // Meters hold what they measure weakly unless told otherwise.
        System.gc();
        HttpResponse<String> answer = server.get("/metrics");

        assertThat(answer.body()).containsPattern("ondine_connections [0-9]").containsPattern("ondine_requests_working [0-9]");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("ondine_http_requests_total{method=\"POST\",route=\"/v1/chat/completions\",status=\"200\"}",
                "ondine_http_request_seconds_bucket", "ondine_connections ", "ondine_requests_working ", "ondine_tasks{state=\"running\"}",
                "ondine_tasks_ended_total ", "ondine_tasks_refused_total ", "ondine_preemptions_total ",
                        "ondine_deadlines_total{outcome=\"kept\"}",
                "ondine_interrupt_wait_seconds{quantile=\"0.99\"}", "ondine_step_seconds_bucket{model=\"pebble\"",
                "ondine_step_predicted_seconds_total{model=\"pebble\"}", "ondine_prompt_tokens_total{model=\"pebble\"}",
                "ondine_decoded_tokens_total{model=\"pebble\"}", "ondine_weights_bytes ", "ondine_kv_used_bytes ");
    }

    @Test
    void isHealthy() throws Exception {
        assertThat(server.show("/health").at("/status").asString()).isEqualTo("ok");
    }

    @Test
    void servesTheConsole() throws Exception {
        HttpResponse<String> page = server.get("/");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse("")).contains("default-src 'none'");
        String tag = page.headers().firstValue("ETag").orElseThrow();
        assertThat(server.send(server.request("/").header("If-None-Match", tag)).statusCode()).isEqualTo(304);
        assertThat(server.get("/console/main.js").headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(server.get("/console/ConsolePage.class").statusCode()).isEqualTo(404);
        assertThat(server.get("/console/..%2Fopenai%2FModels.class").statusCode()).isEqualTo(404);
    }

    @Test
    void showsAnAppNothingOfOthers() throws Exception {
        var keys = List.of(new ApiKey("car", "sk-car-12345", Optional.of("car")), new ApiKey("all", "sk-all-12345", Optional.empty()));
        try (var closed = new ModelServer(TrialServer.OPTIONS.with(Access.usual().withKeys(keys)))) {
            HttpRequest.Builder start = closed.request("/v1/tasks").header("x-api-key", "sk-all-12345")
                    .POST(BodyPublishers.ofString(STORY.formatted(3, "")));
            long id = ModelServer.JSON.readTree(closed.send(start).body()).at("/id").asLong();

            assertThat(closed.send(closed.request("/v1/tasks/" + id).header("x-api-key", "sk-all-12345")).statusCode()).isEqualTo(200);
            assertThat(closed.send(closed.request("/v1/tasks/" + id).header("x-api-key", "sk-car-12345")).statusCode()).isEqualTo(404);
            assertThat(closed.send(closed.request("/v1/stats").header("x-api-key", "sk-car-12345")).statusCode()).isEqualTo(403);
            HttpResponse<String> other = closed.send(closed.request("/v1/tasks").header("x-api-key", "sk-car-12345")
                    .POST(BodyPublishers.ofString(STORY.formatted(3, ""))));
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.body()).contains("for app car alone");
        }
    }
}
