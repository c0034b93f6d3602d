package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Decides who comes in: by the name the client calls the server, by the web page it runs in, by its key and by its rate. */
final class Doorkeeper {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";

    private final Access access;
    private final boolean isLoopback;
    private final RateLimit rate;

    /** @param isLoopback whether only this machine can reach the server, and so only names of it are right */
    Doorkeeper(Access access, boolean isLoopback) {
        this.access = access;
        this.isLoopback = isLoopback;
        this.rate = new RateLimit(access.requestsPerMinute(), System::nanoTime);
    }

    /**
     * Refuses a web page of elsewhere. Its name for this machine may be its own, pointed here after the page was loaded; its origin
     * tells the truth.
     */
    void checkPage(Exchange exchange) {
        String host = exchange.header("Host").orElse("");
        if ((isLoopback || !access.hostNames().isEmpty()) && !isOwnName(nameOf(host))) {
            throw ApiFailure.of(403, "host_not_allowed", "this server does not answer to the name " + quoted(host)
                    + "; allow the name if it is right");
        }
        Optional<String> origin = exchange.header("Origin");
        if (origin.isPresent() && !isOwnPage(exchange, origin.get(), host) && !isAllowedOrigin(origin.get())) {
            throw ApiFailure.of(403, "origin_not_allowed", "pages of " + quoted(origin.get())
                    + " may not use this server; allow the origin if they should");
        }
    }

    /** The origin to be named in an answer, so that the browser shows it to the page. */
    Optional<String> sharedOrigin(Exchange exchange) {
        return exchange.header("Origin").filter(this::isAllowedOrigin);
    }

    /** Who sends a request. @throws ApiFailure with 401 for a wrong key, with 429 for too many requests */
    Caller admit(Exchange exchange, boolean isOpen) {
        Caller caller = access.keys().isEmpty() || isOpen ? new Caller(exchange.address(), Optional.empty()) : keyHolder(exchange);
        if (!isOpen) {
            rate.take(caller.name());
        }
        return caller;
    }

    private Caller keyHolder(Exchange exchange) {
        String shown = shownKey(exchange).orElseThrow(() ->
                unauthorized("this server needs an API key in the header Authorization: Bearer"));
        ApiKey found = null;
        for (ApiKey key : access.keys()) {
            // All of them are compared, so that the time does not tell which one is nearly right.
            if (key.fits(shown)) {
                found = key;
            }
        }
        if (found == null) {
            rate.take(exchange.address());
            throw unauthorized("the API key is wrong");
        }
        return new Caller(found.name(), found.app());
    }

    private static Optional<String> shownKey(Exchange exchange) {
        return exchange.header("Authorization").filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip()).or(() -> exchange.header("x-api-key"));
    }

    private static ApiFailure unauthorized(String message) {
        return ApiFailure.of(401, "invalid_api_key", message).withHeader("WWW-Authenticate", "Bearer");
    }

    private boolean isOwnName(String name) {
        return isLoopback && LOOPBACK_NAMES.contains(name) || access.hostNames().contains(name);
    }

    private boolean isOwnPage(Exchange exchange, String origin, String host) {
        return origin.equalsIgnoreCase((exchange.isSecure() ? "https://" : "http://") + host);
    }

    private boolean isAllowedOrigin(String origin) {
        return access.origins().contains("*") || access.origins().contains(origin);
    }

    private static String nameOf(String host) {
        int port = host.indexOf(':', host.indexOf(']') + 1);
        return (port < 0 ? host : host.substring(0, port)).toLowerCase(Locale.ROOT);
    }

    private static String quoted(String text) {
        return '"' + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + '"';
    }
}
