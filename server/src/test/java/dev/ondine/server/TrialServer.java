package dev.ondine.server;

import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RequestObserver;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonFields;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A running server with a few endpoints that need no model. */
final class TrialServer implements EndpointGroup, RequestObserver, AutoCloseable {

    static final ServerOptions OPTIONS = ServerOptions.local().withPort(0).withGrace(Duration.ofSeconds(2));

    final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Server server;

    TrialServer(ServerOptions options) {
        server = new Server(options, List.of(this), this).start();
    }

    TrialServer() {
        this(OPTIONS);
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.getOpen("/health", exchange -> exchange.send(Map.of("status", "ok")))
                .get("/v1/who", exchange -> exchange.send(Map.of("name", exchange.caller().name(), "app", exchange.caller().app()
                        .orElse(""))))
                .get("/v1/things/{id...}", exchange -> exchange.send(Map.of("id", exchange.parameter("id"), "limit",
                        exchange.query("limit").orElse(""))))
                .work("/v1/echo", TrialServer::echo)
                .work("/api/echo", TrialServer::echo)
                .work("/v1/messages", TrialServer::echo)
                .post("/v1/broken", exchange -> {
                    throw new IllegalStateException("secret detail");
                })
                .work("/v1/wait", this::untilGone)
                .work("/v1/hold", this::untilReleased)
                .work("/v1/flood", TrialServer::flood)
                .work("/v1/half", TrialServer::breaksHalfWay);
    }

    Server server() {
        return server;
    }

    int port() {
        return server.port();
    }

    void release() {
        release.countDown();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void answered(String method, String route, int status, Duration time) {
        statuses.add(status);
    }

    @Override
    public void broken(String where, Throwable cause) {
        broken.add(cause);
    }

    @Override
    public void close() {
        release();
        server.close();
    }

    private static void echo(Exchange exchange) {
        JsonFields fields = exchange.json();
        String text = fields.requireText("text");
        long times = fields.whole("times", 1, 100).orElse(1);
        fields.refuseOthers();
        exchange.send(Map.of("text", text.repeat((int) times)));
    }

    private void untilGone(Exchange exchange) {
        exchange.body();
        exchange.whenGone(gone::countDown);
        try {
            gone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.send(Map.of());
    }

    private void untilReleased(Exchange exchange) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.send(Map.of("held", true));
    }

    private static void flood(Exchange exchange) {
        EventStream events = exchange.events();
        String text = "x".repeat(10_000);
        for (int i = 0; i < 100_000; i++) {
            events.text(text);
        }
    }

    private static void breaksHalfWay(Exchange exchange) {
        EventStream events = exchange.events();
        events.send(Map.of("part", 1));
        throw new IllegalStateException("secret detail");
    }
}
