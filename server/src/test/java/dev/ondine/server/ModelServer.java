package dev.ondine.server;

import dev.ondine.api.Ondine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running server on the embedded model, and a client of it. */
final class ModelServer implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    final Ondine ondine;
    final OndineServer server;
    final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ModelServer() {
        this(TrialServer.OPTIONS);
    }

    ModelServer(ServerOptions options) {
        ondine = Ondine.embedded();
        server = new OndineServer(options, ondine, "trial", (where, cause) -> broken.add(cause));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(60));
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    /** The answer to a request that is right. */
    JsonNode ask(String path, String body) throws Exception {
        HttpResponse<String> answer = post(path, body);
        if (answer.statusCode() >= 300) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    JsonNode show(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    /** The data of each event, in order, as they come. */
    Stream<String> events(String path, String body) throws Exception {
        HttpResponse<InputStream> answer = client.send(request(path).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofInputStream());
        return lines(answer).filter(line -> line.startsWith("data: ")).map(line -> line.substring(6));
    }

    /** The lines of a stream; closing it closes the connection. */
    Stream<String> lines(String path) throws Exception {
        return lines(client.send(request(path).build(), BodyHandlers.ofInputStream()));
    }

    private static Stream<String> lines(HttpResponse<InputStream> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError("status " + answer.statusCode());
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)).lines().onClose(() -> {
            try {
                answer.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Waits until no task is left. */
    void awaitIdle() throws InterruptedException {
        while (!ondine.kernel().tasks().isEmpty()) {
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        server.close();
        ondine.close();
    }
}
