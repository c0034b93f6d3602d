package dev.ondine.server;

import dev.ondine.server.http.Connections;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.FrontDoor;
import dev.ondine.server.http.RequestObserver;
import dev.ondine.server.http.RouteTable;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An HTTP server. Each connection has a virtual thread of its own; nothing that a client does, or fails to do, holds up another one.
 */
public final class Server implements AutoCloseable {

    private static final Duration LEFTOVERS = Duration.ofMillis(300);
    private static final Duration STOP_PERIOD = Duration.ofMillis(10);

    /** The library would report on the terminal; what matters goes to the {@link RequestObserver}. Held, because a logger may vanish. */
    private final Logger libraryLog = Logger.getLogger("io.helidon");

    private final ServerOptions options;
    private final Connections connections;
    private final FrontDoor door;
    private final WebServer web;

    /** A server that does not listen yet. @throws IllegalArgumentException if its certificate or key cannot be used */
    public Server(ServerOptions options, List<EndpointGroup> groups, RequestObserver observer) {
        libraryLog.setLevel(Level.OFF);
        this.options = options;
        var routes = new RouteTable();
        groups.forEach(group -> group.addTo(routes));
        this.door = new FrontDoor(routes, options.access(), options.isLoopback(), options.limits().mostRequestBytes(), observer);
        this.connections = new Connections(options.limits());
        var builder = WebServer.builder().host(options.host()).port(options.port()).shutdownHook(false).shutdownGracePeriod(LEFTOVERS)
                .featuresDiscoverServices(false).protocolsDiscoverServices(false).addConnectionSelector(connections)
                .maxPayloadSize(options.limits().mostRequestBytes())
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .idleConnectionPeriod(Duration.ofDays(1))
                .errorHandling(ErrorHandling.builder().includeEntity(true).build()).directHandlers(door.protocolErrors())
                .routing(HttpRouting.builder().any(door::handle));
        options.tls().ifPresent(files -> builder.tls(files.tls()));
        this.web = builder.build();
    }

    /** Begins to listen. @throws IllegalArgumentException if the address is taken or not this machine's */
    public Server start() {
        web.start();
        if (!web.isRunning()) {
            throw new IllegalArgumentException("cannot listen at " + options.host() + ":" + options.port() + ": " + reason());
        }
        return this;
    }

    /** The port it listens at. */
    public int port() {
        return web.port();
    }

    /** Where clients find it. */
    public String address() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return (options.tls().isPresent() ? "https://" : "http://") + host + ":" + port();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.count();
    }

    /** How many requests wait for the model or use it. */
    public int working() {
        return door.working();
    }

    /** Refuses new requests, waits as long as the options say for those in progress, then ends them. */
    @Override
    public void close() {
        door.close();
        long end = System.nanoTime() + options.grace().toNanos();
        try {
            while (door.busy() > 0 && System.nanoTime() < end) {
                Thread.sleep(STOP_PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        web.stop();
        connections.close();
    }

    private String reason() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(options.host(), options.port()));
            return "the server did not start";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
