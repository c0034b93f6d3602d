package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One request and its answer. It belongs to the thread of its connection. */
public final class Exchange {

    private static final String JSON = "application/json";

    private final ServerRequest request;
    private final ServerResponse response;
    private final WatchedSocket socket;
    private final int mostBytes;
    private final BooleanSupplier closing;

    private Map<String, String> parameters = Map.of();
    private Caller caller;
    private ReplyStream stream;

    Exchange(ServerRequest request, ServerResponse response, WatchedSocket socket, int mostBytes, BooleanSupplier closing) {
        this.request = request;
        this.response = response;
        this.socket = socket;
        this.mostBytes = mostBytes;
        this.closing = closing;
    }

    /** The method of HTTP. */
    public String method() {
        return request.prologue().method().text();
    }

    /** The path as it was sent, its percent signs not decoded. */
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    /** The value of a named segment of the path. */
    public String parameter(String name) {
        return parameters.get(name);
    }

    /** A value of the query, such as {@code limit} in {@code ?limit=5}. */
    public Optional<String> query(String name) {
        String raw = request.prologue().query().rawValue();
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && Percent.decoded(pair.substring(0, equals), raw).equals(name)) {
                return Optional.of(Percent.decoded(pair.substring(equals + 1).replace('+', ' ').replace(" ", "%20"), raw));
            }
        }
        return Optional.empty();
    }

    /** A header of the request; its name in any case. */
    public Optional<String> header(String name) {
        HeaderName header = HeaderNames.create(name);
        return request.headers().contains(header) ? Optional.of(request.headers().get(header).get()) : Optional.empty();
    }

    /** Who sent the request. */
    public Caller caller() {
        return caller;
    }

    /** The address it came from, without the port. */
    public String address() {
        return request.remotePeer().host();
    }

    /** Whether the connection is encrypted. */
    public boolean isSecure() {
        return request.isSecure();
    }

    /** The object that the body holds. @throws ApiFailure if it holds none, or is too long */
    public JsonFields json() {
        return JsonText.object(body());
    }

    /** The bytes of the body; empty if there is none. @throws ApiFailure if they are too many */
    public byte[] body() {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        // It stays open: to close it would mean to wait for the rest of what is too long.
        InputStream in = request.content().inputStream();
        try {
            byte[] bytes = in.readNBytes(mostBytes + 1);
            if (bytes.length > mostBytes) {
                throw tooLarge(mostBytes);
            }
            return bytes;
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new ClientGone(e);
        } catch (NumberFormatException e) {
            throw ApiFailure.of(400, "a chunk of the body has a wrong length").withHeader("Connection", "close");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a header of the answer. */
    public Exchange set(String name, String value) {
        response.header(HeaderNames.create(name), value);
        return this;
    }

    /** Answers with JSON: plain values or a tree. */
    public void send(Object json) {
        send(200, json);
    }

    /** Answers with a status and JSON. */
    public void send(int status, Object json) {
        send(status, JSON, JsonText.bytes(json));
    }

    /** Answers with a status and bytes of a type such as {@code text/html}; to {@code HEAD} with their number alone. */
    public void send(int status, String type, byte[] bytes) {
        response.status(Status.create(status)).header(HeaderNames.CONTENT_TYPE, type);
        if (method().equals("HEAD")) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length)).send();
        } else if (status == 204 || status == 304) {
            response.send();
        } else {
            response.send(bytes);
        }
    }

    /** Starts an answer of server-sent events. */
    public EventStream events() {
        startStream("text/event-stream; charset=utf-8");
        var events = new EventStream(response.outputStream());
        stream = events;
        return events;
    }

    /** Starts an answer of one JSON value on each line. */
    public LineStream lines() {
        startStream("application/x-ndjson");
        var lines = new LineStream(response.outputStream());
        stream = lines;
        return lines;
    }

    /**
     * Runs something once, on another thread, if the client goes away before the answer is complete; at once if it has gone. Read the
     * body before. A client that only stops sending counts as gone.
     */
    public void whenGone(Runnable farewell) {
        socket.whenGone(farewell);
    }

    /** Whether the server stops: streams without an end of their own end then. */
    public boolean isClosing() {
        return closing.getAsBoolean();
    }

    void match(RouteTable.Match match) {
        parameters = match.parameters();
    }

    void admit(Caller admitted) {
        caller = admitted;
    }

    /** Tells the client what went wrong, within the stream if one has begun. Returns whether the failure became the status. */
    boolean fail(ApiFailure failure) {
        ErrorShape shape = ErrorShape.of(path());
        if (stream != null) {
            stream.fail(shape, failure);
            return false;
        }
        failure.headers().forEach(this::set);
        if (failure.status() == 413) {
            set("Connection", "close");
        }
        send(failure.status(), shape.body(failure));
        return true;
    }

    /** Ends a stream that the endpoint left open. */
    void finish() {
        if (stream != null) {
            stream.close();
        } else if (!response.isSent()) {
            throw new IllegalStateException("nothing answered " + method() + " " + path());
        }
    }

    int status() {
        return response.status().code();
    }

    static ApiFailure tooLarge(long mostBytes) {
        return ApiFailure.of(413, "request_too_large", "the body is longer than " + mostBytes + " bytes; send less at once");
    }

    private void startStream(String type) {
        response.header(HeaderNames.CONTENT_TYPE, type).header(HeaderNames.CACHE_CONTROL, "no-cache")
                .header(HeaderNames.create("X-Accel-Buffering"), "no");
    }
}
