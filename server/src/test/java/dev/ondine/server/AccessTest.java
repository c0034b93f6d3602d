package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.server.http.Access;
import dev.ondine.server.http.ApiKey;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who comes in, on a running server. */
final class AccessTest {

    private static final List<ApiKey> KEYS = List.of(new ApiKey("car", "sk-car-12345", Optional.of("navigation")),
            new ApiKey("guest", "sk-guest-12345", Optional.empty()));

    @Test
    void needsAKeyWhenItHasKeys() throws Exception {
        try (var server = server(Access.usual().withKeys(KEYS))) {
            HttpResponse<String> refused = server.get("/v1/who");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("needs an API key", "invalid_api_key");
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");

            assertThat(server.send(server.request("/v1/who").header("Authorization", "Bearer sk-car-12346")).statusCode()).isEqualTo(401);
            assertThat(server.send(server.request("/v1/who").header("Authorization", "Bearer sk-car-12345")).body())
                    .contains("\"name\":\"car\"", "\"app\":\"navigation\"");
            assertThat(server.send(server.request("/v1/who").header("x-api-key", "sk-car-12345")).body()).contains("\"name\":\"car\"");
            assertThat(server.send(server.request("/v1/who").header("x-api-key", "sk-guest-12345")).body()).contains("\"app\":\"\"");
            assertThat(server.get("/health").statusCode()).as("open to everybody").isEqualTo(200);
        }
    }

    @Test
    void tellsTheSecretToNobody() {
        assertThat(KEYS.toString()).contains("car").doesNotContain("12345");
        assertThatIllegalArgumentException().isThrownBy(() -> new ApiKey("short", "abc", Optional.empty()))
                .withMessageContaining("at least 8");
    }

    @Test
    void answersToNamesOfThisMachineOnly() throws Exception {
        try (var server = server(Access.usual().withHostNames(Set.of("ondine.home")))) {
            for (String name : List.of("localhost", "127.0.0.1:" + server.port(), "[::1]:1", "LOCALHOST:80", "ondine.home")) {
                assertThat(statusFor(server, name)).as(name).contains("200");
            }
            for (String name : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "[::2]",
                    "ondine.home.evil")) {
                assertThat(statusFor(server, name)).as(name).contains("403");
            }
        }
    }

    @Test
    void refusesPagesOfElsewhere() throws Exception {
        try (var server = server(Access.usual())) {
            HttpResponse<String> own = server.send(server.request("/v1/who").header("Origin", "http://127.0.0.1:" + server.port()));
            HttpResponse<String> other = server.send(server.request("/v1/who").header("Origin", "https://example.org"));

            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(server.send(server.request("/v1/who").header("Origin", "null")).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void sharesWithPagesThatAreAllowed() throws Exception {
        try (var server = server(Access.usual().withOrigins(Set.of("https://example.org")).withKeys(KEYS))) {
            HttpResponse<String> asked = server.send(server.request("/v1/echo").method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", "https://example.org").header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "authorization,content-type"));
            assertThat(asked.statusCode()).isEqualTo(204);
            assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://example.org");
            assertThat(asked.headers().firstValue("Access-Control-Allow-Headers")).hasValue("authorization,content-type");
            assertThat(asked.headers().firstValue("Access-Control-Allow-Methods").orElse("")).contains("POST");

            HttpResponse<String> answer = server.send(server.request("/v1/who").header("Origin", "https://example.org"));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).as("so that the page can read why").isPresent();
            assertThat(server.send(server.request("/v1/who").header("Origin", "https://example.com")).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void limitsTheRateOfEachKey() throws Exception {
        try (var server = server(Access.usual().withKeys(KEYS).withLimits(3, 10))) {
            for (int i = 0; i < 3; i++) {
                assertThat(server.send(server.request("/v1/who").header("x-api-key", "sk-car-12345")).statusCode()).isEqualTo(200);
            }
            HttpResponse<String> refused = server.send(server.request("/v1/who").header("x-api-key", "sk-car-12345"));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow())).isBetween(1, 20);
            assertThat(refused.body()).contains("rate_limit_exceeded", "more than 3 requests a minute");
            assertThat(server.send(server.request("/v1/who").header("x-api-key", "sk-guest-12345")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void limitsTheQueue() throws Exception {
        try (var server = server(Access.usual().withLimits(0, 1)); var first = new RawClient(server.port())) {
            first.send("POST /v1/hold HTTP/1.1\r\nHost: localhost\r\n\r\n");
            while (server.server().working() == 0) {
                Thread.onSpinWait();
            }
            HttpResponse<String> refused = server.post("/v1/echo", "{\"text\": \"a\"}");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(server.get("/v1/who").statusCode()).as("what needs no model").isEqualTo(200);
            server.release();
            assertThat(first.answer()).contains("\"held\":true");
        }
    }

    @Test
    void staysClosedToTheNetworkWithoutAKey() {
        assertThatIllegalArgumentException().isThrownBy(() -> TrialServer.OPTIONS.at("0.0.0.0", false, Access.usual()))
                .withMessageContaining("0.0.0.0").withMessageContaining("set an API key");
        assertThat(TrialServer.OPTIONS.at("0.0.0.0", true, Access.usual()).isLoopback()).isFalse();
        assertThat(TrialServer.OPTIONS.at("0.0.0.0", false, Access.usual().withKeys(KEYS)).isLoopback()).isFalse();
    }

    private static TrialServer server(Access access) {
        return new TrialServer(TrialServer.OPTIONS.with(access));
    }

    private static String statusFor(TrialServer server, String host) throws IOException {
        try (var client = new RawClient(server.port())) {
            return client.send("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n").answer().lines().findFirst().orElse("");
        }
    }
}
