package dev.ondine.server.openai;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelState;
import dev.ondine.server.anthropic.AnthropicModels;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.ModelDirectory;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/models}. */
public final class Models implements EndpointGroup {

    private final ModelDirectory models;
    private final Instant started = Instant.now();

    /** The models of a directory. */
    public Models(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.get("/v1/models", exchange -> exchange.send(isAnthropics(exchange) ? AnthropicModels.list(models.ondine().models(), started)
                        : JsonText.map("object", "list", "data", models.ondine().models().stream().map(this::shown).toList())))
                .get("/v1/models/{id...}", this::show);
    }

    private void show(Exchange exchange) {
        LocalModel model = models.find(exchange.parameter("id"));
        exchange.send(isAnthropics(exchange) ? AnthropicModels.shown(model, started) : shown(model));
    }

    /** Anthropic's clients ask at the same place and tell who they are. */
    private static boolean isAnthropics(Exchange exchange) {
        return exchange.header("anthropic-version").isPresent();
    }

    private Map<String, Object> shown(LocalModel model) {
        boolean isLoaded = model.state() == ModelState.READY;
        return JsonText.map("id", model.name(), "object", "model", "created", started.getEpochSecond(), "owned_by", "ondine",
                "context_length", isLoaded ? model.contextLength() : model.details().contextLength(),
                "state", model.state().name().toLowerCase(Locale.ROOT), "aliases", model.source().aliases());
    }
}
