package dev.ondine.server.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The form of an error's JSON in each API.
 *
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">errors of OpenAI</a>
 * @see <a href="https://docs.anthropic.com/en/api/errors">errors of Anthropic</a>
 * @see <a href="https://docs.ollama.com/api/errors">errors of Ollama</a>
 */
public enum ErrorShape {

    /** {@code {"error": {"message", "type", "param", "code"}}}. */
    OPENAI,
    /** {@code {"type": "error", "error": {"type", "message"}}}. */
    ANTHROPIC,
    /** {@code {"error": "…"}}. */
    OLLAMA;

    /** The shape that the clients of a path expect. */
    public static ErrorShape of(String path) {
        if (path.startsWith("/v1/messages")) {
            return ANTHROPIC;
        }
        return path.startsWith("/api/") ? OLLAMA : OPENAI;
    }

    /** The body: an object of plain values, its names in order. */
    public Map<String, Object> body(ApiFailure failure) {
        Map<String, Object> body = new LinkedHashMap<>();
        switch (this) {
            case OPENAI -> body.put("error", openAi(failure));
            case ANTHROPIC -> {
                body.put("type", "error");
                body.put("error", anthropic(failure));
            }
            case OLLAMA -> {
                body.put("error", failure.getMessage());
                body.putAll(failure.details());
            }
        }
        return body;
    }

    /** The name of the event that reports an error within a stream of events; empty for an event without a name. */
    public Optional<String> eventName() {
        return this == ANTHROPIC ? Optional.of("error") : Optional.empty();
    }

    private static Map<String, Object> openAi(ApiFailure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", failure.getMessage());
        error.put("type", openAiType(failure.status()));
        error.put("param", failure.parameter().orElse(null));
        error.put("code", failure.code().orElse(null));
        error.putAll(failure.details());
        return error;
    }

    private static Map<String, Object> anthropic(ApiFailure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", anthropicType(failure.status()));
        error.put("message", failure.getMessage());
        error.putAll(failure.details());
        return error;
    }

    private static String openAiType(int status) {
        return switch (status) {
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
