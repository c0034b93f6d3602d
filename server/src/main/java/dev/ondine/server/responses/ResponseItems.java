package dev.ondine.server.responses;

import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The JSON of items: what goes into a response and what comes out of it. */
final class ResponseItems {

    private ResponseItems() {
    }

    static Map<String, Object> message(String id, List<?> content, String status) {
        Map<String, Object> item = item(id, "message", status);
        item.put("role", "assistant");
        item.put("content", content);
        return item;
    }

    static Map<String, Object> outputText(String text) {
        return JsonText.map("type", "output_text", "text", text, "annotations", List.of(), "logprobs", List.of());
    }

    static Map<String, Object> call(String id, String callId, String name, String arguments, String status) {
        Map<String, Object> item = item(id, "function_call", status);
        item.put("call_id", callId);
        item.put("name", name);
        item.put("arguments", arguments);
        return item;
    }

    /** The input of a request as items with ids, as a client may list them later. */
    static List<Map<String, Object>> input(FieldValue input, Supplier<String> ids) {
        if (input.isText()) {
            Map<String, Object> item = item("msg_" + ids.get(), "message", "completed");
            item.put("role", "user");
            item.put("content", List.of(inputText(input.text())));
            return List.of(item);
        }
        List<Map<String, Object>> items = new ArrayList<>();
        for (FieldValue value : input.list()) {
            items.add(input(JsonText.plain(value.node()), ids));
        }
        return items;
    }

    private static Map<String, Object> input(Object given, Supplier<String> ids) {
        Map<String, Object> item = item("", "message", "completed");
        ((Map<?, ?>) given).forEach((name, value) -> item.put((String) name, value));
        String type = (String) item.get("type");
        if (type.equals("message") && item.get("content") instanceof String text) {
            item.put("content", List.of("assistant".equals(item.get("role")) ? outputText(text) : inputText(text)));
        }
        if (item.get("id") == null || item.get("id").equals("")) {
            item.put("id", (type.equals("message") ? "msg_" : "fc_") + ids.get());
        }
        return item;
    }

    private static Map<String, Object> inputText(String text) {
        return JsonText.map("type", "input_text", "text", text);
    }

    private static Map<String, Object> item(String id, String type, String status) {
        return JsonText.map("id", id, "type", type, "status", status);
    }
}
