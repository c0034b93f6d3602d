package dev.ondine.server;

import dev.ondine.api.Ondine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running server with the chat APIs, and a client that sees what is sent. */
final class FrontServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    final Ondine ondine;
    final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final OndineServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What was answered. */
    record Reply(int status, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    /** A server-sent event. @param name empty for one without a name */
    record SentEvent(String name, JsonNode data) {
    }

    FrontServer(ServerOptions options, Ondine ondine) {
        this.ondine = ondine;
        server = new OndineServer(options, ondine, "0.1.0", (_, cause) -> broken.add(cause));
    }

    FrontServer() {
        this(TrialServer.OPTIONS, Ondine.embedded());
    }

    String address() {
        return server.address();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(60));
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    Reply post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    Reply get(String path) {
        return send(request(path));
    }

    /** The answer to a request that is right. */
    JsonNode ask(String path, String body) {
        Reply reply = post(path, body);
        if (reply.status != 200) {
            throw new AssertionError(reply.status + " " + reply.body);
        }
        return reply.json();
    }

    /** The events of a stream, in order. */
    List<SentEvent> events(String path, String body) {
        return Stream.of(post(path, body).body.split("\n\n")).map(FrontServer::event).toList();
    }

    private static SentEvent event(String text) {
        String name = text.startsWith("event: ") ? text.substring(7, text.indexOf('\n')) : "";
        return new SentEvent(name, JSON.readTree(text.substring(text.indexOf("data: ") + 6)));
    }

    /** The lines of a stream, in order. */
    List<JsonNode> lines(String path, String body) {
        return post(path, body).body.lines().map(JSON::readTree).toList();
    }

    @Override
    public void close() {
        server.close();
        ondine.close();
    }
}
