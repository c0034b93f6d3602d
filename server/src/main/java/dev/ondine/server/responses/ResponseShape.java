package dev.ondine.server.responses;

import dev.ondine.api.Answer;
import dev.ondine.server.json.JsonText;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a response.
 *
 * @param id             begins with {@code resp_}
 * @param createdSeconds since 1970
 * @param echo           what it repeats of its request
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/object">the object</a>
 */
record ResponseShape(String id, long createdSeconds, Map<String, Object> echo) {

    /** A response that goes on, was cancelled or has failed. @param problem null if there is none */
    Map<String, Object> unfinished(String status, List<?> output, String problem) {
        return response(status, output, null, problem == null ? null : error(problem), null);
    }

    /** A response that has ended by itself. */
    Map<String, Object> ended(List<?> output, Answer answer) {
        String reason = switch (answer.finishReason()) {
            case LENGTH, CONTEXT, BUDGET -> "max_output_tokens";
            case STOP, CANCELLED, FAILED -> null;
        };
        return response(reason == null ? "completed" : "incomplete", output, reason, null, usage(answer));
    }

    private Map<String, Object> response(String status, List<?> output, String incomplete, Object error, Object usage) {
        Map<String, Object> response = JsonText.map("id", id, "object", "response", "created_at", createdSeconds, "status", status,
                "error", error, "incomplete_details", incomplete == null ? null : Map.of("reason", incomplete));
        response.putAll(echo);
        response.put("output", output);
        response.put("usage", usage);
        return response;
    }

    private static Map<String, Object> error(String problem) {
        return JsonText.map("code", "server_error", "message", problem);
    }

    private static Map<String, Object> usage(Answer answer) {
        return JsonText.map("input_tokens", answer.promptTokens(),
                "input_tokens_details", JsonText.map("cached_tokens", answer.cachedPromptTokens(), "cache_write_tokens", 0),
                "output_tokens", answer.answerTokens(), "output_tokens_details", Map.of("reasoning_tokens", 0),
                "total_tokens", answer.promptTokens() + answer.answerTokens());
    }
}
