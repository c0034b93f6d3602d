package dev.ondine.api;

import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages about tool calls, with the fields that chat templates look for.
 *
 * @see <a href="https://huggingface.co/docs/transformers/chat_extras">Tool use in chat templates</a>
 */
public final class ToolMessages {

    private ToolMessages() {
    }

    /**
     * A call that was made.
     *
     * @param id        that the result refers to; may be empty
     * @param arguments as JSON values
     */
    public record MadeCall(String id, String name, Map<String, ?> arguments) {

        private Map<String, Object> fields() {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", name);
            function.put("arguments", arguments);
            Map<String, Object> call = new LinkedHashMap<>();
            call.put("type", "function");
            if (!id.isEmpty()) {
                call.put("id", id);
            }
            call.put("function", function);
            return call;
        }
    }

    /** What the assistant said, with the calls it made. */
    public static Message calls(String text, List<MadeCall> calls) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", "assistant");
        fields.put("content", text);
        fields.put("tool_calls", new ArrayList<>(calls.stream().map(MadeCall::fields).toList()));
        return new Message(fields);
    }

    /** What came of a call. @param id of the call; may be empty */
    public static Message result(String id, String name, String content) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", "tool");
        if (!id.isEmpty()) {
            fields.put("tool_call_id", id);
        }
        fields.put("name", name);
        fields.put("content", content);
        return new Message(fields);
    }
}
