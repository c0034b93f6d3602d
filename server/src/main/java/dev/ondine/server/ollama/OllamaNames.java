package dev.ondine.server.ollama;

import dev.ondine.api.LocalModel;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.ModelDirectory;

/** Names of models as Ollama's clients know them: {@code name:tag}, where the tag "latest" may be left out. */
final class OllamaNames {

    private static final String LATEST = ":latest";

    private OllamaNames() {
    }

    /** The model that a request names. @throws dev.ondine.server.failure.ApiFailure with 404 if there is none */
    static LocalModel find(JsonFields body, ModelDirectory models) {
        String name = body.has("name") && !body.has("model") ? body.requireText("name") : body.requireText("model");
        body.allow("name");
        boolean isKnown = models.ondine().findModel(name).isPresent();
        return models.find(!isKnown && name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name);
    }

    /** The name with its tag. */
    static String tagged(LocalModel model) {
        return model.name().contains(":") ? model.name() : model.name() + LATEST;
    }
}
