package dev.ondine.server.console;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * The console: files that lie beside this class, {@code index.html} at {@code /}, the others at {@code /console/NAME}. They hold no
 * secret, so nobody needs a key for them; what they ask for does.
 */
public final class ConsolePage implements EndpointGroup {

    /** Nothing of elsewhere runs in the page, and the page runs in nothing of elsewhere. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml", "json", "application/json", "webmanifest", "application/manifest+json", "png", "image/png");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,60}\\.([a-z]{2,11})");

    private final ConcurrentMap<String, Asset> assets = new ConcurrentHashMap<>();

    /** A file with its mark for caches. */
    private record Asset(byte[] bytes, String tag) {

        static Asset of(byte[] bytes) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Asset(bytes, '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, 12)) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }
    }

    /** The page, not read yet. */
    public ConsolePage() {
        // Files are read when they are asked for.
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.getOpen("/", exchange -> show(exchange, "index.html"))
                .getOpen("/console/{name}", exchange -> show(exchange, exchange.parameter("name")));
    }

    private void show(Exchange exchange, String name) {
        var matcher = NAME.matcher(name);
        Asset found = matcher.matches() && TYPES.containsKey(matcher.group(1)) ? assets.computeIfAbsent(name, ConsolePage::read) : null;
        if (found == null) {
            throw ApiFailure.of(404, "unknown_url", "the console has no such file");
        }
        exchange.set("Content-Security-Policy", POLICY).set("X-Content-Type-Options", "nosniff").set("Referrer-Policy", "no-referrer")
                .set("Cache-Control", "no-cache").set("ETag", found.tag());
        if (exchange.header("If-None-Match").filter(found.tag()::equals).isPresent()) {
            exchange.send(304, TYPES.get(matcher.group(1)), new byte[0]);
        } else {
            exchange.send(200, TYPES.get(matcher.group(1)), found.bytes());
        }
    }

    /** Null if there is none, which is not remembered. */
    private static Asset read(String name) {
        try (InputStream in = ConsolePage.class.getResourceAsStream(name)) {
            return in == null ? null : Asset.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
