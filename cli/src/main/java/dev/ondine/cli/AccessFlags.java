package dev.ondine.cli;

import dev.ondine.server.ServerOptions;
import dev.ondine.server.TlsFiles;
import dev.ondine.server.http.Access;
import dev.ondine.server.http.ApiKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that say where a server is reached, and by whom. */
final class AccessFlags {

    @Option(names = "--port", paramLabel = "N", defaultValue = "8321", description = "0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
            description = "Where to listen; 0.0.0.0 for other machines too (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--host-name", paramLabel = "NAME", description = "A further name by which clients call this machine; may be repeated.")
    private List<String> hostNames = List.of();

    @Option(names = "--api-key", paramLabel = "KEY", description = "What clients must show. Others on this machine can see it in the "
            + "list of processes; better: ONDINE_API_KEY or --api-keys.")
    private String apiKey;

    @Option(names = "--api-keys", paramLabel = "FILE", description = "A key on each line, with the app that it stands for behind it, if "
            + "it is to stand for one. # begins a comment.")
    private Path apiKeys;

    @Option(names = "--no-key", description = "Let other machines in without a key.")
    private boolean isOpenToAll;

    @Option(names = "--cors", paramLabel = "ORIGIN",
            description = "A web page's origin that may call from a browser, such as https://example.org, or *; may be repeated.")
    private List<String> origins = List.of();

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate, PEM; with --tls-key: TLS 1.3.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key of the certificate, PEM, PKCS #8.")
    private Path key;

    @Option(names = "--rate-limit", paramLabel = "N", defaultValue = "0",
            description = "Most requests a minute of a key, or of an address without one; 0 for no limit (default: ${DEFAULT-VALUE}).")
    private int rateLimit;

    @Option(names = "--queue", paramLabel = "N", defaultValue = "256",
            description = "Most requests that wait for a model or use it; others get status 429 (default: ${DEFAULT-VALUE}).")
    private int queue;

    @Option(names = "--grace", paramLabel = "TIME", converter = TimeSpan.class, defaultValue = "10s",
            description = "How long answers may go on when the server is to end (default: ${DEFAULT-VALUE}).")
    private Duration grace;

    int port() {
        return port;
    }

    int queue() {
        return queue;
    }

    /** @throws IllegalArgumentException if something is outside its range, or does not go together */
    ServerOptions options(Console console) {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key go together; one of them is missing");
        }
        Access access = new Access(keys(console), Set.copyOf(hostNames), Set.copyOf(origins), rateLimit, queue);
        ServerOptions options = ServerOptions.local().withPort(port).at(host, isOpenToAll, access).withGrace(grace);
        return certificate == null ? options : options.with(new TlsFiles(certificate, key));
    }

    private List<ApiKey> keys(Console console) {
        List<ApiKey> keys = new ArrayList<>();
        Optional.ofNullable(apiKey).or(() -> Optional.ofNullable(console.environment().get("ONDINE_API_KEY")))
                .ifPresent(secret -> keys.add(new ApiKey("of the command line", secret, Optional.empty())));
        if (apiKeys != null) {
            Set<String> seen = new LinkedHashSet<>();
            InputFile.text(apiKeys.toString(), console).lines().map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty() && seen.add(line)).forEach(line -> keys.add(key(keys.size() + 1, line.split("\\s+"))));
        }
        return keys;
    }

    private ApiKey key(int number, String[] words) {
        if (words.length > 2) {
            throw new IllegalArgumentException("%s: key %d has %d words, expected a key and at most one app".formatted(apiKeys, number,
                    words.length));
        }
        Optional<String> app = words.length == 2 ? Optional.of(words[1]) : Optional.empty();
        return new ApiKey(app.orElse("number " + number), words[0], app);
    }
}
