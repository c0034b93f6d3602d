package dev.ondine.server.anthropic;

import dev.ondine.engine.FinishReason;
import java.util.LinkedHashMap;
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
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", model);
        message.put("content", content);
        message.put("stop_reason", stopReason);
        message.put("stop_sequence", stopSequence.orElse(null));
        message.put("usage", usage);
        return message;
    }

    /** Counts of tokens. Those that were in the cache do not count as read again. */
    static Map<String, Object> usage(int promptTokens, int cachedTokens, int answerTokens) {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("input_tokens", promptTokens - cachedTokens);
        usage.put("cache_creation_input_tokens", 0);
        usage.put("cache_read_input_tokens", cachedTokens);
        usage.put("output_tokens", answerTokens);
        return usage;
    }

    static Map<String, Object> text(String text) {
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("type", "text");
        block.put("text", text);
        return block;
    }

    /** A call. @param input its arguments, a tree or plain values */
    static Map<String, Object> toolUse(String id, String name, Object input) {
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("type", "tool_use");
        block.put("id", id);
        block.put("name", name);
        block.put("input", input);
        return block;
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
