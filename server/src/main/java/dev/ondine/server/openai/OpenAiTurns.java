package dev.ondine.server.openai;

import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages of a chat. */
final class OpenAiTurns {

    private final ChatTurns turns = new ChatTurns();

    private OpenAiTurns() {
    }

    static List<Message> of(JsonFields body) {
        List<FieldValue> messages = body.require("messages").list();
        if (messages.isEmpty()) {
            throw ApiFailure.parameter("messages", "messages is empty, expected at least one message");
        }
        var reader = new OpenAiTurns();
        messages.forEach(message -> reader.add(message.object()));
        return reader.turns.all();
    }

    private void add(JsonFields message) {
        message.allow("name");
        switch (message.requireText("role")) {
            case "system", "developer" -> turns.system(text(message.require("content")));
            case "user" -> turns.user(text(message.require("content")));
            case "assistant" -> addAssistant(message);
            case "tool" -> turns.result(message.requireText("tool_call_id"), text(message.require("content")),
                    message.path("tool_call_id"));
            case String role -> throw ApiFailure.parameter(message.path("role"), message.path("role") + " is \"" + role
                    + "\", expected \"system\", \"developer\", \"user\", \"assistant\" or \"tool\"");
        }
        message.refuseOthers();
    }

    private void addAssistant(JsonFields message) {
        List<ChatTurns.Call> calls = new ArrayList<>();
        for (FieldValue item : message.list("tool_calls")) {
            calls.add(call(item.object()));
        }
        message.allowOnly("function_call", "it is out of use; send tool_calls").allowOnly("audio", "models here read and write text alone");
        message.allow("refusal", "annotations", "reasoning_content");
        String text = message.value("content").map(OpenAiTurns::text).orElse("");
        if (text.isEmpty() && calls.isEmpty() && !message.node().has("content")) {
            throw ApiFailure.parameter(message.path("content"), message.path("content")
                    + " is missing, and there are no tool_calls either");
        }
        turns.assistant(text, calls);
    }

    private static ChatTurns.Call call(JsonFields call) {
        JsonFields function = call.require("function").object();
        call.allow("index").allowOnly("type", "there are only functions", "function");
        var read = new ChatTurns.Call(call.requireText("id"), function.requireText("name"), function.requireText("arguments"));
        function.refuseOthers();
        call.refuseOthers();
        return read;
    }

    /** A string, or parts of text. */
    private static String text(FieldValue content) {
        if (content.isText()) {
            return content.text();
        }
        if (!content.isList()) {
            throw content.wrong("a string or a list of parts");
        }
        var text = new StringBuilder();
        for (FieldValue item : content.list()) {
            JsonFields part = item.object();
            String type = part.requireText("type");
            if (!type.equals("text") && !type.equals("refusal")) {
                throw ApiFailure.unsupported(part.path("type"), part.path("type") + " is \"" + type
                        + "\", which is not supported: models here read and write text alone");
            }
            text.append(part.requireText(type));
            part.allow("cache_control", "prompt_cache_breakpoint").refuseOthers();
        }
        return text.toString();
    }
}
