package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.server.http.ConnectionLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Slow clients, silent clients and clients that leave, on a running server. */
final class ConnectionsTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static TrialServer impatient() {
        return new TrialServer(TrialServer.OPTIONS.with(ConnectionLimits.usual().withTimes(SHORT, SHORT, SHORT, SHORT)));
    }

    @Test
    void cutsOffHeadersThatComeTooSlowly() throws Exception {
        try (var server = impatient(); var slow = new RawClient(server.port())) {
            slow.send("GET /health HTTP/1.1\r\nHost: loc");
            assertThat(slow.answer()).startsWith("HTTP/1.1 408").contains("too slowly");
            assertThat(slow.isEndedWithin(LONG)).isTrue();
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void cutsOffABodyThatComesTooSlowly() throws Exception {
        try (var server = impatient(); var slow = new RawClient(server.port())) {
            slow.send("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{\"te");
            assertThat(slow.answer()).startsWith("HTTP/1.1 408").contains("too slowly");
            assertThat(slow.isEndedWithin(LONG)).isTrue();
        }
    }

    @Test
    void endsConnectionsOnWhichNothingComes() throws Exception {
        try (var server = impatient(); var silent = new RawClient(server.port()); var idle = new RawClient(server.port())) {
            idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(idle.answer()).startsWith("HTTP/1.1 200");
            assertThat(idle.isEndedWithin(LONG)).isTrue();
            assertThat(silent.isEndedWithin(LONG)).isTrue();
        }
    }

    @Test
    void endsTheConnectionOfAClientThatWantsOneAnswer() throws Exception {
        try (var server = new TrialServer(TrialServer.OPTIONS); var client = new RawClient(server.port())) {
            client.send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200");
            assertThat(client.isEndedWithin(LONG)).isTrue();
        }
    }

    @Test
    void cutsOffAClientThatDoesNotRead() throws Exception {
        try (var server = impatient(); var lazy = new RawClient(server.port())) {
            lazy.send("POST /v1/flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
            while (server.statuses.isEmpty()) {
                Thread.sleep(20);
            }
            assertThat(server.statuses).containsExactly(499);
            assertThat(server.server().working()).isZero();
            assertThat(server.broken).isEmpty();
        }
    }

    @Test
    void noticesThatAClientHasGoneWhileNothingIsWritten() throws Exception {
        try (var server = new TrialServer()) {
            try (var client = new RawClient(server.port())) {
                client.send("POST /v1/wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
                while (server.server().working() == 0) {
                    Thread.onSpinWait();
                }
                assertThat(server.gone.await(100, TimeUnit.MILLISECONDS)).as("still here").isFalse();
            }
            assertThat(server.gone.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void keepsWhatComesWhileItWatches() throws Exception {
        try (var server = new TrialServer(); var client = new RawClient(server.port())) {
            client.send("POST /v1/wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
            while (server.server().working() == 0) {
                Thread.onSpinWait();
            }
            client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            server.gone.countDown();
            assertThat(client.answer()).endsWith("{}");
            assertThat(client.answer()).contains("\"status\":\"ok\"");
        }
    }

    @Test
    void letsNoMoreInThanThereIsRoomFor() throws Exception {
        try (var server = new TrialServer(TrialServer.OPTIONS.with(ConnectionLimits.usual().withMostConnections(1)));
                var first = new RawClient(server.port())) {
            assertThat(first.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").answer()).startsWith("HTTP/1.1 200");
            try (var second = new RawClient(server.port())) {
                assertThat(second.answer()).startsWith("HTTP/1.1 503").contains("Retry-After: 1", "too many connections");
            }
        }
    }

    @Test
    void sharesTheRoomForLargeBodies() throws Exception {
        ConnectionLimits limits = ConnectionLimits.usual();
        var tight = new ConnectionLimits(10, 1_000_000, limits.mostHeadBytes(), 200_000, limits.head(), limits.body(), limits.idle(),
                limits.write());
        try (var server = new TrialServer(TrialServer.OPTIONS.with(tight))) {
            HttpResponse<String> refused = server.post("/v1/echo", "{\"text\": \"" + "a".repeat(900_000) + "\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(server.post("/v1/echo", "{\"text\": \"" + "a".repeat(150_000) + "\"}").statusCode()).isEqualTo(200);
            assertThat(server.post("/v1/echo", "{\"text\": \"" + "a".repeat(150_000) + "\"}").statusCode()).as("given back").isEqualTo(200);
        }
    }

    @Test
    void tellsNoDetailsOfWhatBroke() throws Exception {
        try (var server = new TrialServer()) {
            HttpResponse<String> answer = server.post("/v1/broken", "{}");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("server_error").doesNotContain("secret");
            HttpResponse<String> half = server.post("/v1/half", "{}");
            assertThat(half.statusCode()).isEqualTo(200);
            assertThat(half.body()).startsWith("data: {\"part\":1}\n\ndata: {\"error\":").doesNotContain("secret");
            assertThat(server.broken).hasSize(2).allMatch(cause -> cause.getMessage().equals("secret detail"));
        }
    }

    @Test
    void speaksInTheShapeOfEachApi() throws Exception {
        try (var server = new TrialServer()) {
            assertThat(server.post("/v1/echo", "{}").body())
                    .isEqualTo("{\"error\":{\"message\":\"text is missing\",\"type\":\"invalid_request_error\",\"param\":\"text\",\"code\":null}}");
            assertThat(server.post("/v1/messages", "{}").body())
                    .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"text is missing\"}}");
            assertThat(server.post("/api/echo", "{}").body()).isEqualTo("{\"error\":\"text is missing\"}");
            assertThat(server.get("/v1/things/org%2Fmodel%20x?limit=a%20b+c").body()).contains("\"id\":\"org/model x\"",
                    "\"limit\":\"a b c\"");
            assertThat(server.get("/v1/things/org/model").body()).contains("\"id\":\"org/model\"");
            HttpResponse<String> wrong = server.get("/v1/echo");
            assertThat(wrong.statusCode()).isEqualTo(405);
            assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
            HttpResponse<String> head = server.send(server.request("/health").method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("Content-Length")).hasValue("15");
        }
    }

    @Test
    void stopsWithinItsGrace() throws Exception {
        var server = new TrialServer();
        try (var client = new RawClient(server.port())) {
            client.send("POST /v1/hold HTTP/1.1\r\nHost: localhost\r\n\r\n");
            while (server.server().working() == 0) {
                Thread.onSpinWait();
            }
            Thread stop = Thread.startVirtualThread(server.server()::close);
            while (true) {
                HttpResponse<String> refused = server.get("/v1/who");
                if (refused.statusCode() == 503) {
                    assertThat(refused.body()).contains("stopping");
                    break;
                }
            }
            server.release();
            assertThat(client.answer()).contains("\"held\":true");
            assertThat(stop.join(LONG)).isTrue();
        }
    }

    @Test
    void saysWhyItCannotListen() {
        try (var server = new TrialServer()) {
            assertThatIllegalArgumentException().isThrownBy(() -> new TrialServer(TrialServer.OPTIONS.withPort(server.port())))
                    .withMessageContaining("cannot listen at 127.0.0.1:" + server.port()).withMessageContaining("in use");
        }
    }
}
