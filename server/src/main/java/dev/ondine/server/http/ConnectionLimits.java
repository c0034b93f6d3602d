package dev.ondine.server.http;

import java.time.Duration;

/**
 * What one client may take: connections, bytes and time.
 *
 * @param mostConnections open at once; another one gets status 503
 * @param mostRequestBytes of a body; a longer one gets status 413
 * @param mostHeadBytes of the headers of a request
 * @param mostBufferedBytes of all bodies that are being received, beyond the first 64 KiB of each
 * @param head from the first byte of a request, or from the connection, to the end of its headers
 * @param body for a body, beside one second for every 64 KiB of it
 * @param idle from one request to the next
 * @param write for a client to take what is written; one that does not is cut off
 */
public record ConnectionLimits(int mostConnections, int mostRequestBytes, int mostHeadBytes, long mostBufferedBytes,
                               Duration head, Duration body, Duration idle, Duration write) {

    private static final int MEGABYTE = 1_000_000;

    /** Limits for a server that serves one device and its neighbours. */
    public static ConnectionLimits usual() {
        return new ConnectionLimits(512, 20 * MEGABYTE, 16_384, 160L * MEGABYTE,
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75), Duration.ofSeconds(30));
    }

    /** The same limits with another for the number of connections. */
    public ConnectionLimits withMostConnections(int connections) {
        return new ConnectionLimits(connections, mostRequestBytes, mostHeadBytes, mostBufferedBytes, head, body, idle, write);
    }

    /** The same limits with other times. */
    public ConnectionLimits withTimes(Duration newHead, Duration newBody, Duration newIdle, Duration newWrite) {
        return new ConnectionLimits(mostConnections, mostRequestBytes, mostHeadBytes, mostBufferedBytes, newHead, newBody, newIdle,
                newWrite);
    }
}
