package dev.ondine.server.ollama;

import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.json.FieldValue;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages of a chat. Results of tools name the tool or, where they do not, belong to the calls before in their order. */
final class OllamaTurns {

    private final ChatTurns turns = new ChatTurns();
    private final List<ChatTurns.Call> open = new ArrayList<>();
    private int calls;

    private OllamaTurns() {
    }

    static List<Message> of(List<FieldValue> messages) {
        var reader = new OllamaTurns();
        messages.forEach(message -> reader.add(message.object()));
        return reader.turns.all();
    }

    private void add(JsonFields message) {
        String text = message.text("content").orElse("");
        refuseImages(message);
        switch (message.requireText("role")) {
            case "system" -> turns.system(text);
            case "user" -> turns.user(text);
            case "assistant" -> addAssistant(text, message);
            case "tool" -> addResult(text, message);
            case String role -> throw ApiFailure.parameter(message.path("role"), message.path("role") + " is \"" + role
                    + "\", expected \"system\" or \"user\" or \"assistant\" or \"tool\"");
        }
        message.allowOnly("thinking", "models here do not think aloud", "").allow("tool_calls").refuseOthers();
    }

    static void refuseImages(JsonFields fields) {
        fields.allowOnly("images", "models here read and write text alone", List.of());
    }

    private void addAssistant(String text, JsonFields message) {
        open.clear();
        for (FieldValue value : message.list("tool_calls")) {
            JsonFields call = value.object();
            JsonFields function = call.require("function").object();
            String name = function.requireText("name");
            String arguments = function.object("arguments").map(fields -> JsonText.write(fields.node())).orElse("{}");
            open.add(new ChatTurns.Call(call.text("id").orElse("call_" + calls++), name, arguments));
        }
        turns.assistant(text, List.copyOf(open));
    }

    private void addResult(String text, JsonFields message) {
        String id = message.text("tool_call_id").orElse(null);
        String name = message.text("tool_name").or(() -> message.text("name")).orElse(null);
        ChatTurns.Call call = open.stream().filter(each -> id != null ? each.id().equals(id) : name == null || each.name().equals(name))
                .findFirst().orElse(null);
        if (call != null) {
            open.remove(call);
            turns.namedResult(call.id(), call.name(), text);
        } else if (name != null) {
            turns.namedResult(id == null ? "call_" + calls++ : id, name, text);
        } else {
            throw ApiFailure.parameter(message.path("tool_name"), message.path("tool_name")
                    + " is missing, and no call before is without a result");
        }
    }
}
