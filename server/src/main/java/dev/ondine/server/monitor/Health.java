package dev.ondine.server.monitor;

import dev.ondine.api.ModelState;
import dev.ondine.api.Ondine;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;

/** {@code /health}: 200 once it is worth asking, 503 while models are loading or there is none. */
public final class Health implements EndpointGroup {

    private final Ondine ondine;

    /** Of the models. */
    public Health(Ondine ondine) {
        this.ondine = ondine;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.getOpen("/health", this::answer);
    }

    private void answer(Exchange exchange) {
        var states = ondine.models().stream().map(model -> model.state()).toList();
        if (states.isEmpty() || states.contains(ModelState.LOADING) && !states.contains(ModelState.READY)) {
            throw ApiFailure.of(503, "loading", "Loading model").withHeader("Retry-After", "1");
        }
        exchange.send(JsonText.map("status", "ok"));
    }
}
