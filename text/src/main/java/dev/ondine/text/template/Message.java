package dev.ondine.text.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One turn of a conversation, as templates see it: a dict with a role, a content, and what else a message may carry.
 *
 * @param fields in order; "role" and most often "content", which may be null, a string, or a list of parts
 */
public record Message(Map<String, ?> fields) {

    public Message {
        Objects.requireNonNull(fields, "fields");
    }

    public Message(String role, String content) {
        this(plain(role, content));
    }

    private static Map<String, ?> plain(String role, String content) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("content", content);
        return fields;
    }

    public static Message system(String content) {
        return new Message("system", content);
    }

    public static Message user(String content) {
        return new Message("user", content);
    }

    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
