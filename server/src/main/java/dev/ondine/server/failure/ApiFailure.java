package dev.ondine.server.failure;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request that is refused, or could not be answered: a status, a sentence for people, and for programs the parameter that is wrong
 * and a code. {@link ErrorShape} turns it into the body that clients of an API expect.
 */
public final class ApiFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String parameter;
    private final String code;
    private final transient Map<String, String> headers;
    private final transient Map<String, Object> details;

    private ApiFailure(int status, String message, String parameter, String code, Map<String, String> headers,
            Map<String, Object> details) {
        super(message);
        this.status = status;
        this.parameter = parameter;
        this.code = code;
        this.headers = Map.copyOf(headers);
        this.details = Map.copyOf(details);
    }

    /** A failure of which programs learn no more than the status, from 400 to 599. */
    public static ApiFailure of(int status, String message) {
        return new ApiFailure(status, message, null, null, Map.of(), Map.of());
    }

    /** A failure with a code for programs, such as {@code model_not_found}. */
    public static ApiFailure of(int status, String code, String message) {
        return new ApiFailure(status, message, null, code, Map.of(), Map.of());
    }

    /** A wrong parameter, named by its path: {@code messages[2].content}. */
    public static ApiFailure parameter(String path, String message) {
        return new ApiFailure(400, message, path, null, Map.of(), Map.of());
    }

    /** A parameter that other servers may know and this one cannot honour. */
    public static ApiFailure unsupported(String path, String message) {
        return new ApiFailure(400, message, path, "unsupported_parameter", Map.of(), Map.of());
    }

    /** The same failure with a header of its answer, such as {@code Retry-After}. */
    public ApiFailure withHeader(String name, String value) {
        return copy(parameter, code, with(headers, name, value), details);
    }

    /** The same failure with a further field beside its message. */
    public ApiFailure withDetail(String name, Object value) {
        return copy(parameter, code, headers, with(details, name, value));
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** The path of the parameter that is wrong. */
    public Optional<String> parameter() {
        return Optional.ofNullable(parameter);
    }

    /** The code for programs. */
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    /** The headers of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The fields beside the message. */
    public Map<String, Object> details() {
        return details;
    }

    private ApiFailure copy(String newParameter, String newCode, Map<String, String> newHeaders, Map<String, Object> newDetails) {
        var copy = new ApiFailure(status, getMessage(), newParameter, newCode, newHeaders, newDetails);
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    private static <V> Map<String, V> with(Map<String, V> map, String name, V value) {
        Map<String, V> more = new HashMap<>(map);
        more.put(name, value);
        return more;
    }
}
