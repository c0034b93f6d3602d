package dev.ondine.server.console;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection to one page of a Chromium.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
final class DevTools implements WebSocket.Listener, AutoCloseable {

    private static final int MOST_SECONDS = 120;

    private final JsonMapper json = new JsonMapper();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final BiConsumer<String, JsonNode> onEvent;
    private final WebSocket socket;

    /** @param onEvent told of every event, with its parameters */
    DevTools(HttpClient client, URI page, BiConsumer<String, JsonNode> onEvent) {
        this.onEvent = onEvent;
        this.socket = client.newWebSocketBuilder().buildAsync(page, this).join();
    }

    /** Has the browser do something, and waits for what comes of it. */
    JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        socket.sendText(json.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true).join();
        JsonNode reply = answer.get(MOST_SECONDS, TimeUnit.SECONDS);
        if (reply.has("error")) {
            throw new AssertionError(method + ": " + reply.get("error"));
        }
        return reply.get("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
        message.append(part);
        if (isLast) {
            JsonNode whole = json.readTree(message.toString());
            message.setLength(0);
            if (whole.has("id")) {
                calls.remove(whole.get("id").intValue()).complete(whole);
            } else {
                onEvent.accept(whole.get("method").stringValue(), whole.get("params"));
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
