package dev.ondine.server.anthropic;

import dev.ondine.engine.FinishReason;
import dev.ondine.server.json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of a message and its parts.
 *
 * @param id    begins with {@code msg_}
 * @param model as the client called it
 * @see <a href="https://docs.anthropic.com/en/api/messages">the Messages API</a>
 */
record MessageShape(String id, String model) {

    /** A message. @param stopReason null while it goes on */
    Map<String, Object> message(List<?> content, String stopReason, Optional<String> stopSequence, Map<String, Object> usage) {
        return JsonText.map("id", id, "type", "message", "role", "assistant", "model", model, "content", content,
                "stop_reason", stopReason, "stop_sequence", stopSequence.orElse(null), "usage", usage);
    }

    /** Counts of tokens. Those that were in the cache do not count as read again. */
    static Map<String, Object> usage(int promptTokens, int cachedTokens, int answerTokens) {
        return JsonText.map("input_tokens", promptTokens - cachedTokens, "cache_creation_input_tokens", 0,
                "cache_read_input_tokens", cachedTokens, "output_tokens", answerTokens);
    }

    static Map<String, Object> text(String text) {
        return JsonText.map("type", "text", "text", text);
    }

    /** A call. @param input its arguments, a tree or plain values */
    static Map<String, Object> toolUse(String id, String name, Object input) {
        return JsonText.map("type", "tool_use", "id", id, "name", name, "input", input);
    }

    /** Why an answer ended. @param calls whether it called tools */
    static String stopReason(FinishReason reason, boolean calls, Optional<String> stopSequence) {
        return switch (reason) {
            case LENGTH, BUDGET -> "max_tokens";
            case CONTEXT -> "model_context_window_exceeded";
            case STOP, CANCELLED, FAILED -> stopSequence.isPresent() ? "stop_sequence" : calls ? "tool_use" : "end_turn";
        };
    }
}
