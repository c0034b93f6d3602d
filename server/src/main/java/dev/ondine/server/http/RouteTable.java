package dev.ondine.server.http;

import dev.ondine.server.failure.ApiFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The routes of a server. A pattern is a path whose segments may be {@code {name}} for one segment or, at the end, {@code {name...}}
 * for all that follow, slashes included. Of several patterns that fit, the first one added counts.
 */
public final class RouteTable {

    private final List<Route> routes = new ArrayList<>();

    /** No routes yet. */
    public RouteTable() {
        // They are added one by one.
    }

    /**
     * One route.
     *
     * @param method of HTTP
     * @param pattern of its path
     * @param isOpen whether no key is needed
     * @param isWork whether it uses the model, and so takes a place in the queue
     * @param endpoint what answers
     */
    record Route(String method, String pattern, boolean isOpen, boolean isWork, Endpoint endpoint) {
    }

    /** A route that fits a request, with the values of its named segments. */
    record Match(Route route, Map<String, String> parameters) {
    }

    /** Adds a route that shows something. */
    public RouteTable get(String pattern, Endpoint endpoint) {
        return add(new Route("GET", pattern, false, false, endpoint));
    }

    /** Adds a route that shows something to everybody, with or without a key. */
    public RouteTable getOpen(String pattern, Endpoint endpoint) {
        return add(new Route("GET", pattern, true, false, endpoint));
    }

    /** Adds a route that changes something without using the model. */
    public RouteTable post(String pattern, Endpoint endpoint) {
        return add(new Route("POST", pattern, false, false, endpoint));
    }

    /** Adds a route that uses the model: it takes a place in the queue. */
    public RouteTable work(String pattern, Endpoint endpoint) {
        return add(new Route("POST", pattern, false, true, endpoint));
    }

    /** Adds a route that takes something away. */
    public RouteTable delete(String pattern, Endpoint endpoint) {
        return add(new Route("DELETE", pattern, false, false, endpoint));
    }

    /** What fits a path whose percent signs are not decoded yet. @throws ApiFailure with 404, 405 or, for a wrong path, 400 */
    Match find(String method, String rawPath) {
        List<String> segments = Arrays.stream(rawPath.split("/", -1)).map(segment -> Percent.decoded(segment, rawPath)).toList();
        String wanted = method.equals("HEAD") ? "GET" : method;
        List<Match> fitting = routes.stream().flatMap(route -> match(route, segments).stream()).toList();
        if (fitting.isEmpty()) {
            throw ApiFailure.of(404, "unknown_url", "there is nothing at " + method + " " + shown(rawPath));
        }
        return fitting.stream().filter(match -> match.route.method.equals(wanted)).findFirst()
                .orElseThrow(() -> notAllowed(method, rawPath, fitting));
    }

    /** The methods that a path takes, for the header {@code Allow}; empty if it takes none. */
    String allowed(String rawPath) {
        List<String> segments = List.of(rawPath.split("/", -1));
        return methods(routes.stream().flatMap(route -> match(route, segments).stream()).toList());
    }

    private RouteTable add(Route route) {
        routes.add(route);
        return this;
    }

    private static ApiFailure notAllowed(String method, String path, List<Match> fitting) {
        String allowed = methods(fitting);
        return ApiFailure.of(405, "method_not_allowed", shown(path) + " takes " + allowed + ", not " + shown(method))
                .withHeader("Allow", allowed);
    }

    private static String methods(List<Match> matches) {
        return matches.stream().map(match -> match.route.method).distinct().collect(Collectors.joining(", "));
    }

    private static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private static Optional<Match> match(Route route, List<String> segments) {
        String[] pattern = route.pattern.split("/", -1);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (i >= segments.size()) {
                return Optional.empty();
            }
            if (pattern[i].endsWith("...}")) {
                parameters.put(pattern[i].substring(1, pattern[i].length() - 4), String.join("/", segments.subList(i, segments.size())));
                return Optional.of(new Match(route, parameters));
            }
            if (pattern[i].startsWith("{") && !segments.get(i).isEmpty()) {
                parameters.put(pattern[i].substring(1, pattern[i].length() - 1), segments.get(i));
            } else if (!pattern[i].equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return pattern.length == segments.size() ? Optional.of(new Match(route, parameters)) : Optional.empty();
    }
}
