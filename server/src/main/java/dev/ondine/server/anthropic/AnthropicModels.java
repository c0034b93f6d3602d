package dev.ondine.server.anthropic;

import dev.ondine.api.LocalModel;
import dev.ondine.server.json.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Models as Anthropic's clients expect them.
 *
 * @see <a href="https://docs.anthropic.com/en/api/models-list">the list</a>
 */
public final class AnthropicModels {

    private AnthropicModels() {
    }

    /** A list of all, on one page. @param since when they are there */
    public static Map<String, Object> list(List<LocalModel> models, Instant since) {
        return JsonText.map("data", models.stream().map(model -> shown(model, since)).toList(), "has_more", false,
                "first_id", models.isEmpty() ? null : models.getFirst().name(),
                "last_id", models.isEmpty() ? null : models.getLast().name());
    }

    /** One of them. */
    public static Map<String, Object> shown(LocalModel model, Instant since) {
        return JsonText.map("type", "model", "id", model.name(), "display_name", model.name(),
                "created_at", since.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
