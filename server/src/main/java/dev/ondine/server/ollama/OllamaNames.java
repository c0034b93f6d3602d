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
        String name = given(body);
        boolean isKnown = models.ondine().findModel(name).isPresent();
        return models.find(!isKnown && name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name);
    }

    /** The name as the client wrote it; older ones call it {@code name}. */
    static String given(JsonFields body) {
        String field = body.has("name") && !body.has("model") ? "name" : "model";
        body.allow("name");
        return body.requireText(field);
    }

    /** The name with its tag. */
    static String tagged(LocalModel model) {
        return model.name().contains(":") ? model.name() : model.name() + LATEST;
    }
}
