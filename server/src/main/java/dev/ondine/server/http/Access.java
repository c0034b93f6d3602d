package dev.ondine.server.http;

import java.util.List;
import java.util.Set;

/**
 * Who may use a server, and how much.
 *
 * @param keys of which a request must show one; none lets everybody in who can reach the server
 * @param hostNames further names by which clients may call the server; with none and a public address, every name is right
 * @param origins of web pages that may call the server from a browser, such as {@code https://example.org}; {@code *} for all
 * @param requestsPerMinute of one key, or one address without a key; 0 for no limit
 * @param mostWork requests that may wait for the model, or use it, at once
 */
public record Access(List<ApiKey> keys, Set<String> hostNames, Set<String> origins, int requestsPerMinute, int mostWork) {

    /** Checks and copies. */
    public Access {
        keys = List.copyOf(keys);
        hostNames = Set.copyOf(hostNames);
        origins = Set.copyOf(origins);
        if (requestsPerMinute < 0 || mostWork < 1) {
            throw new IllegalArgumentException(requestsPerMinute + " requests a minute and " + mostWork
                    + " at once, expected 0 or more and 1 or more");
        }
    }

    /** Everybody on this machine, no web page of elsewhere. */
    public static Access usual() {
        return new Access(List.of(), Set.of(), Set.of(), 0, 256);
    }

    /** The same with other keys. */
    public Access withKeys(List<ApiKey> newKeys) {
        return new Access(newKeys, hostNames, origins, requestsPerMinute, mostWork);
    }

    /** The same with other names of the host. */
    public Access withHostNames(Set<String> names) {
        return new Access(keys, names, origins, requestsPerMinute, mostWork);
    }

    /** The same with other origins. */
    public Access withOrigins(Set<String> newOrigins) {
        return new Access(keys, hostNames, newOrigins, requestsPerMinute, mostWork);
    }

    /** The same with other limits. */
    public Access withLimits(int newRequestsPerMinute, int newMostWork) {
        return new Access(keys, hostNames, origins, newRequestsPerMinute, newMostWork);
    }
}
