package dev.ondine.server;

import dev.ondine.server.http.Access;
import dev.ondine.server.http.ConnectionLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is reached and what it lets through.
 *
 * @param host name or address to listen at; {@code 0.0.0.0} for all addresses of the machine
 * @param port to listen at; 0 for any that is free
 * @param isOpenToAll whether it may be reached from other machines without any key
 * @param access who may use it
 * @param limits what one client may take
 * @param tls its identity, if it encrypts; then with TLS 1.3 only
 * @param grace how long answers may take to end when the server stops
 */
public record ServerOptions(String host, int port, boolean isOpenToAll, Access access, ConnectionLimits limits, Optional<TlsFiles> tls,
                            Duration grace) {

    /** The port unless another one is given. */
    public static final int USUAL_PORT = 8321;

    /** Checks that nobody opens a server to the network by mistake. */
    public ServerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", expected 0 to 65535");
        }
        if (!isLoopback(host) && access.keys().isEmpty() && !isOpenToAll) {
            throw new IllegalArgumentException("with host " + host + " other machines could use the model without a key: "
                    + "set an API key, listen at 127.0.0.1, or allow access without a key");
        }
    }

    /** A server that this machine alone can reach. */
    public static ServerOptions local() {
        return new ServerOptions("127.0.0.1", USUAL_PORT, false, Access.usual(), ConnectionLimits.usual(), Optional.empty(),
                Duration.ofSeconds(10));
    }

    /** The same at another port. */
    public ServerOptions withPort(int newPort) {
        return new ServerOptions(host, newPort, isOpenToAll, access, limits, tls, grace);
    }

    /** The same at another host, for other users. */
    public ServerOptions at(String newHost, boolean newIsOpenToAll, Access newAccess) {
        return new ServerOptions(newHost, port, newIsOpenToAll, newAccess, limits, tls, grace);
    }

    /** The same for other users. */
    public ServerOptions with(Access newAccess) {
        return at(host, isOpenToAll, newAccess);
    }

    /** The same with other limits. */
    public ServerOptions with(ConnectionLimits newLimits) {
        return new ServerOptions(host, port, isOpenToAll, access, newLimits, tls, grace);
    }

    /** The same, encrypting. */
    public ServerOptions with(TlsFiles newTls) {
        return new ServerOptions(host, port, isOpenToAll, access, limits, Optional.of(newTls), grace);
    }

    /** The same with another time to stop in. */
    public ServerOptions withGrace(Duration newGrace) {
        return new ServerOptions(host, port, isOpenToAll, access, limits, tls, newGrace);
    }

    boolean isLoopback() {
        return isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known; give a name or an address of this machine", e);
        }
    }
}
