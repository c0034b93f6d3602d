package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import dev.ondine.server.json.JsonText;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The way of every request: checks who sends it, finds its endpoint, and turns what goes wrong into an answer. */
public final class FrontDoor {

    private static final int CLIENT_CLOSED_REQUEST = 499;

    /** What the library says of it, with the general status 400. */
    private static final String HEAD_TOO_LONG = "Header size exceeded";

    private final RouteTable routes;
    private final Access access;
    private final Doorkeeper doorkeeper;
    private final RequestObserver observer;
    private final int mostRequestBytes;

    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile boolean closing;

    /** A door to routes. */
    public FrontDoor(RouteTable routes, Access access, boolean isLoopback, int mostRequestBytes, RequestObserver observer) {
        this.routes = routes;
        this.access = access;
        this.doorkeeper = new Doorkeeper(access, isLoopback);
        this.mostRequestBytes = mostRequestBytes;
        this.observer = observer;
    }

    /** Answers one request on the thread of its connection. */
    public void handle(ServerRequest request, ServerResponse response) {
        WatchedSocket socket = WatchedConnection.CURRENT.get();
        socket.requestBegins();
        busy.incrementAndGet();
        try {
            answer(new Exchange(request, response, socket, mostRequestBytes, () -> closing));
        } finally {
            busy.decrementAndGet();
            socket.requestEnds();
            if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
                socket.end();
            }
        }
    }

    /** How many requests are being answered. */
    public int busy() {
        return busy.get();
    }

    /** How many requests wait for the model or use it. */
    public int working() {
        return working.get();
    }

    /** From now on refuses what comes. */
    public void close() {
        closing = true;
    }

    /** Errors that HTTP itself has found, such as a broken header, in the shape that clients expect. */
    public DirectHandlers protocolErrors() {
        DirectHandlers.Builder builder = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            builder.addHandler(type, (request, event, status, headers, message) -> protocolError(request.path(), status, headers, message));
        }
        return builder.build();
    }

    private void answer(Exchange exchange) {
        long start = System.nanoTime();
        String pattern = "";
        int status = CLIENT_CLOSED_REQUEST;
        try {
            doorkeeper.checkPage(exchange);
            shareWithPage(exchange);
            if (!exchange.method().equals("OPTIONS")) {
                RouteTable.Match match = routes.find(exchange.method(), exchange.path());
                pattern = match.route().pattern();
                pass(exchange, match);
                status = exchange.status();
            } else {
                answerOptions(exchange);
                status = exchange.status();
            }
        } catch (ApiFailure e) {
            status = refuse(exchange, e);
        } catch (ClientGone e) {
            throw new CloseConnectionException("the client has gone", e);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RequestException e) {
            status = refuse(exchange, protocolFailure(e.status(), e.getMessage()).withHeader("Connection", "close"));
        } catch (HttpException e) {
            status = refuse(exchange, protocolFailure(e.status(), e.getMessage()).withHeader("Connection", "close"));
        } catch (RuntimeException | Error e) {
            observer.broken(exchange.method() + " " + pattern, e);
            status = refuse(exchange, ApiFailure.of(500, "internal_error", "something broke in the server; its log tells more"));
        } finally {
            observer.answered(exchange.method(), pattern, status, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void pass(Exchange exchange, RouteTable.Match match) {
        RouteTable.Route route = match.route();
        exchange.admit(doorkeeper.admit(exchange, route.isOpen()));
        exchange.match(match);
        if (closing) {
            throw ApiFailure.of(503, "the server is stopping").withHeader("Retry-After", "5").withHeader("Connection", "close");
        }
        if (!route.isWork()) {
            serve(exchange, route);
            return;
        }
        try {
            if (working.incrementAndGet() > access.mostWork()) {
                throw ApiFailure.of(429, "queue_full", access.mostWork() + " requests wait already; try again")
                        .withHeader("Retry-After", "1");
            }
            serve(exchange, route);
        } finally {
            working.decrementAndGet();
        }
    }

    private static void serve(Exchange exchange, RouteTable.Route route) {
        route.endpoint().answer(exchange);
        exchange.finish();
    }

    private int refuse(Exchange exchange, ApiFailure failure) {
        try {
            boolean isStatus = exchange.fail(failure);
            exchange.finish();
            return isStatus ? failure.status() : exchange.status();
        } catch (ClientGone e) {
            throw new CloseConnectionException("the client has gone", e);
        }
    }

    private void shareWithPage(Exchange exchange) {
        if (!access.origins().isEmpty()) {
            exchange.set("Vary", "Origin");
        }
        doorkeeper.sharedOrigin(exchange).ifPresent(origin -> exchange.set("Access-Control-Allow-Origin", origin));
    }

    private void answerOptions(Exchange exchange) {
        String allowed = routes.allowed(exchange.path());
        exchange.set("Allow", allowed.isEmpty() ? "OPTIONS" : allowed + ", OPTIONS");
        if (doorkeeper.sharedOrigin(exchange).isPresent()) {
            exchange.set("Access-Control-Allow-Methods", "GET, POST, DELETE").set("Access-Control-Max-Age", "600");
            exchange.header("Access-Control-Request-Headers").ifPresent(names -> exchange.set("Access-Control-Allow-Headers", names));
        }
        exchange.send(204, "text/plain", new byte[0]);
    }

    private TransportResponse protocolError(String path, Status status, ServerResponseHeaders headers, String message) {
        ApiFailure failure = protocolFailure(status, message);
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        failure.headers().forEach((name, value) -> headers.set(HeaderNames.create(name), value));
        return TransportResponse.builder().status(Status.create(failure.status())).headers(headers).keepAlive(false)
                .entity(JsonText.bytes(ErrorShape.of(path == null ? "" : path).body(failure))).build();
    }

    private ApiFailure protocolFailure(Status status, String message) {
        if (status.code() == 413) {
            return Exchange.tooLarge(mostRequestBytes);
        }
        if (HEAD_TOO_LONG.equals(message)) {
            return ApiFailure.of(431, "the headers are too long; send fewer or shorter ones");
        }
        String reason = message == null || message.isBlank() ? status.reasonPhrase() : message;
        ApiFailure failure = ApiFailure.of(Math.max(status.code(), 400), reason);
        return status.code() == 503 ? failure.withHeader("Retry-After", "1") : failure;
    }
}
