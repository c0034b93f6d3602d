package dev.ondine.server.shelf;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelStats;
import dev.ondine.api.Ondine;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.KeepAlive;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /v1/models/load} and {@code /v1/models/unload}: brings a model that the server knows into memory, or takes it out. Neither
 * changes what can be asked: a request for a model that is out brings it in.
 */
public final class ModelLoading implements EndpointGroup {

    /** How long tasks of a model may take to end before they are cancelled, unless the request says something else. */
    public static final Duration USUAL_GRACE = Duration.ofSeconds(30);

    private static final long MOST_GRACE_MILLIS = 600_000;

    private final ModelDirectory models;

    /** The models of a directory. */
    public ModelLoading(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.post("/v1/models/load", this::load).post("/v1/models/unload", this::unload);
    }

    private void load(Exchange exchange) {
        requireOperator(exchange);
        JsonFields body = exchange.json();
        LocalModel model = models.find(body.requireText("model"));
        Optional<KeepAlive> keepAlive = KeepAlive.of(body);
        body.refuseOthers();
        keepAlive.ifPresent(time -> time.applyTo(model));
        TaskFailures.load(model);
        exchange.send(shown(model));
    }

    private void unload(Exchange exchange) {
        requireOperator(exchange);
        JsonFields body = exchange.json();
        LocalModel model = models.find(body.requireText("model"));
        Duration grace = Duration.ofMillis(body.whole("grace_ms", 0, MOST_GRACE_MILLIS).orElse(USUAL_GRACE.toMillis()));
        body.refuseOthers();
        unload(models.ondine(), model, grace);
        exchange.send(shown(model));
    }

    private static void requireOperator(Exchange exchange) {
        if (exchange.caller().app().isPresent()) {
            throw ApiFailure.of(403, "app_not_allowed", "this API key is for app " + exchange.caller().app().get()
                    + "; models are for all, so load and unload them with another key");
        }
    }

    /** Takes a model out of memory; tasks that do not end in time are cancelled. */
    public static void unload(Ondine ondine, LocalModel model, Duration grace) {
        try {
            ondine.unload(model.name(), grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(503, "stopping", "the server is stopping");
        }
    }

    private static Map<String, Object> shown(LocalModel model) {
        ModelStats stats = model.stats();
        return JsonText.map("id", model.name(), "object", "model", "state", stats.state().name().toLowerCase(Locale.ROOT),
                "bytes", stats.bytes(), "load_ms", stats.loadTime().toMillis(),
                "unloads_at", stats.unloadsAt().map(Instant::toString).orElse(null));
    }
}
