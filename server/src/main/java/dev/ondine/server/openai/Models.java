package dev.ondine.server.openai;

import dev.ondine.api.LocalModel;
import dev.ondine.api.ModelState;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.ModelDirectory;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/models}. */
public final class Models implements EndpointGroup {

    private final ModelDirectory models;
    private final long created = Instant.now().getEpochSecond();

    /** The models of a directory. */
    public Models(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.get("/v1/models", exchange -> exchange.send(JsonText.map("object", "list",
                        "data", models.ondine().models().stream().map(this::shown).toList())))
                .get("/v1/models/{id...}", exchange -> exchange.send(shown(models.find(exchange.parameter("id")))));
    }

    private Map<String, Object> shown(LocalModel model) {
        boolean isLoaded = model.state() == ModelState.READY;
        return JsonText.map("id", model.name(), "object", "model", "created", created, "owned_by", "ondine",
                "context_length", isLoaded ? model.contextLength() : model.details().contextLength(),
                "state", model.state().name().toLowerCase(Locale.ROOT), "aliases", model.source().aliases());
    }
}
