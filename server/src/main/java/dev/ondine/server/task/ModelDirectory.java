package dev.ondine.server.task;

import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonFields;

/** The models that requests can name. */
public final class ModelDirectory {

    private final Ondine ondine;

    /** Those of an {@link Ondine}. */
    public ModelDirectory(Ondine ondine) {
        this.ondine = ondine;
    }

    /** What they belong to. */
    public Ondine ondine() {
        return ondine;
    }

    /** The model that the field {@code model} names; the first one if it names none. */
    public LocalModel of(JsonFields fields) {
        return fields.text("model").map(this::find).orElseGet(() -> ondine.models().stream().findFirst()
                .orElseThrow(() -> ApiFailure.of(503, "no_model", "this server has no model").withHeader("Retry-After", "5")));
    }

    /** The model of a name. @throws ApiFailure with 404 if there is none */
    public LocalModel find(String name) {
        return ondine.findModel(name).orElseThrow(() -> ApiFailure.of(404, "model_not_found", "there is no model \"" + shown(name)
                + "\"; there is " + String.join(", ", ondine.models().stream().map(LocalModel::name).toList())));
    }

    private static String shown(String name) {
        return name.length() > 100 ? name.substring(0, 100) + "…" : name;
    }
}
