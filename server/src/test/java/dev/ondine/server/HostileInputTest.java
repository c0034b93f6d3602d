package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients should not send, sent to a running server. */
final class HostileInputTest {

    /** Ten times what is promised, because the machine is shared. */
    private static final Duration PROMPT = Duration.ofMillis(500);

    private static TrialServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TrialServer();
        server.post("/v1/echo", "{\"text\": \"warm\"}");
        server.post("/v1/echo", "{");
    }

    @AfterAll
    static void stop() {
        assertThat(server.broken).isEmpty();
        server.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("", "the body is empty"),
                Arguments.of("{", "no valid JSON"),
                Arguments.of("{\"text\": \"a\"} x", "no valid JSON"),
                Arguments.of("{\"text\": \"a\"}{}", "no valid JSON"),
                Arguments.of("{\"text\": \"a\", \"text\": \"b\"}", "Duplicate"),
                Arguments.of("[1]", "the body is [1], expected an object"),
                Arguments.of("{\"text\": 5}", "text is 5, expected a string"),
                Arguments.of("{}", "text is missing"),
                Arguments.of("{\"text\": null}", "text is missing"),
                Arguments.of("{\"text\": \"a\", \"times\": -1}", "times is -1, expected a whole number from 1 to 100"),
                Arguments.of("{\"text\": \"a\", \"times\": 1e400}", "times is "),
                Arguments.of("{\"text\": \"a\", \"times\": 99999999999999999999999999}", "expected a whole number from 1 to 100"),
                Arguments.of("{\"text\": \"a\", \"times\": 1.5}", "times is 1.5"),
                Arguments.of("{\"text\": \"a\", \"times\": " + "9".repeat(1000) + "}", "length"),
                Arguments.of("{\"text\": \"a\", \"unknown\": 1}", "unknown is no known field"),
                Arguments.of("{\"text\": \"\\ud800\"}", "surrogate"),
                Arguments.of("{\"text\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}", "depth"),
                Arguments.of("{\"text\": [" + "1,".repeat(2_000_000) + "1]}", "oken count"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void isRefusedWithAReason(String body, String reason) throws Exception {
        HttpResponse<String> answer = server.post("/v1/echo", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body()).contains("invalid_request_error", reason.replace("\"", "\\\"")).hasSizeLessThan(700)
                .doesNotContain("dev.ondine", "Exception", "at tools");
        serves();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00c3(", "\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f5\u0080\u0080\u0080", "\u00e2\u0082"})
    void refusesWhatIsNoUtf8(String bytes) throws Exception {
        byte[] body = ("{\"text\": \"" + bytes + "\"}").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(exchange(head("POST /v1/echo", "Content-Length: " + body.length), body)).startsWith("HTTP/1.1 400").contains("no UTF-8");
    }

    @Test
    void refusesAHundredMegabytes() throws Exception {
        try (var client = new RawClient(server.port())) {
            long start = System.nanoTime();
            client.send(head("POST /v1/echo", "Content-Length: 100000000"));
            assertThat(client.answer()).startsWith("HTTP/1.1 413").contains("longer than 20000000 bytes", "Connection: close");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
        }
        assertThat(server.send(server.request("/v1/echo").POST(
                HttpRequest.BodyPublishers.ofByteArray(new byte[100_000_000]))).statusCode()).isEqualTo(413);
        serves();
    }

    @Test
    void refusesAChunkWithoutWaitingForIt() throws Exception {
        assertThat(exchange(head("POST /v1/echo", "Transfer-Encoding: chunked"), "7fffffff\r\nabc".getBytes(StandardCharsets.US_ASCII)))
                .startsWith("HTTP/1.1 413");
        serves();
    }

    static Stream<Arguments> requests() {
        String body = "{\"text\": \"a\"}";
        return Stream.of(
                Arguments.of("GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                Arguments.of("GET /v1/things/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
                Arguments.of("GET /v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                Arguments.of("GET /v1/things/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("GET /v1/things/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("GET /v1/things/%c3%28 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("GET //v1//things HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                Arguments.of("GET /v1/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
                Arguments.of("BREW /v1/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
                Arguments.of("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
                Arguments.of("GET /health HTTP/1.1\r\n\r\n", 400),
                Arguments.of("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("GET /health HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n", 400),
                Arguments.of("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n", 505),
                Arguments.of("nonsense\r\n\r\n", 400),
                Arguments.of("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n" + body, 400),
                Arguments.of("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n" + body, 400),
                Arguments.of("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + body, 400),
                Arguments.of("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
                Arguments.of("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
                Arguments.of("GET /health HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n".repeat(100_000) + "\r\n", 431),
                Arguments.of("GET /health HTTP/1.1\r\nHost: localhost\r\nA: " + "b".repeat(1_000_000) + "\r\n\r\n", 431));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersPromptlyWithAStatus(String request, int status) throws Exception {
        long start = System.nanoTime();
        String answer = exchange(request, new byte[0]);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        if (status >= 400) {
            assertThat(answer.toLowerCase()).contains("content-type: application/json", "{\"error\":{\"message\":\"");
        }
        serves();
    }

    @Test
    void forgetsAClientThatLeavesInTheMiddle() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send(head("POST /v1/echo", "Content-Length: 50")).send("{\"te");
        }
        serves();
    }

    private static void serves() throws IOException, InterruptedException {
        assertThat(server.post("/v1/echo", "{\"text\": \"still here\"}").body()).contains("still here");
    }

    private static String head(String request, String header) {
        return request + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n";
    }

    private static String exchange(String head, byte[] body) throws IOException {
        try (var client = new RawClient(server.port())) {
            try {
                client.send(head).send(body);
            } catch (IOException e) {
                // The server may answer, and end, before all is sent.
                assertThat(head.length()).isGreaterThan(10_000);
            }
            return client.answer();
        }
    }
}
