package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import dev.ondine.server.json.JsonText;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All connections of a server: lets clients in as long as there is room, and cuts off those that do not take their answers. */
public final class Connections implements ServerConnectionSelector, AutoCloseable {

    private static final Duration CHECK_PERIOD = Duration.ofMillis(100);
    private static final int MOST_PROLOGUE_BYTES = 8_192;

    private final ConnectionLimits limits;
    private final ByteBudget budget;
    private final ServerConnectionSelector http1;
    private final Set<WatchedSocket> open = ConcurrentHashMap.newKeySet();
    private final Thread watch;

    /** No connections yet. */
    public Connections(ConnectionLimits limits) {
        this.limits = limits;
        this.budget = new ByteBudget(limits.mostBufferedBytes());
        this.http1 = Http1ConnectionSelector.builder().config(Http1Config.builder().maxHeadersSize(limits.mostHeadBytes())
                .maxPrologueLength(MOST_PROLOGUE_BYTES).sendKeepAliveHeader(false).buildPrototype()).build();
        this.watch = Thread.ofVirtual().name("connection watch").start(this::watch);
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext channel) {
        var socket = new WatchedSocket(channel.serverSocket(), limits, budget);
        open.add(socket);
        if (open.size() > limits.mostConnections()) {
            open.remove(socket);
            return new Refusal(channel);
        }
        return new WatchedConnection(http1.connection(new WatchedChannel(channel, socket)), socket, () -> open.remove(socket));
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(CHECK_PERIOD);
                long now = System.nanoTime();
                open.forEach(socket -> socket.check(now));
            }
        } catch (InterruptedException e) {
            // The server is closed.
            return;
        }
    }

    /** A connection too many, told so. */
    private record Refusal(ConnectionContext channel) implements ServerConnection {

        private static final String MESSAGE = "too many connections; try again";

        @Override
        public void handle(Limit limit) {
            if (channel.isSecure()) {
                // A handshake would first have to be waited for.
                return;
            }
            byte[] body = JsonText.bytes(ErrorShape.OPENAI.body(ApiFailure.of(503, MESSAGE)));
            byte[] head = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                    + "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            channel.dataWriter().writeNow(BufferData.create(BufferData.create(head), BufferData.create(body)));
        }

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            // It ends by itself at once.
        }
    }
}
