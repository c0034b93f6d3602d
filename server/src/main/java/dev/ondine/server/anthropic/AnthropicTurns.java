package dev.ondine.server.anthropic;

import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.json.FieldValue;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the conversation of a request: {@code system} and {@code messages}, their content as text or as blocks. */
final class AnthropicTurns {

    private final ChatTurns turns = new ChatTurns();

    private AnthropicTurns() {
    }

    static List<Message> of(JsonFields body) {
        var reader = new AnthropicTurns();
        body.value("system").ifPresent(system -> reader.turns.system(plainText(system)));
        List<FieldValue> messages = body.require("messages").list();
        if (messages.isEmpty()) {
            throw ApiFailure.parameter(body.path("messages"), "messages is empty, expected at least one message");
        }
        messages.forEach(message -> reader.add(message.object()));
        if (messages.getLast().object().requireText("role").equals("assistant")) {
            throw ApiFailure.unsupported(messages.getLast().path(), "the last message is the assistant's, expected the user's: "
                    + "this server does not go on with an answer that has begun");
        }
        return reader.turns.all();
    }

    private void add(JsonFields message) {
        FieldValue content = message.require("content");
        switch (message.requireText("role")) {
            case "user" -> addUser(content);
            case "assistant" -> addAssistant(content);
            case "system" -> turns.system(plainText(content));
            case String role -> throw ApiFailure.parameter(message.path("role"),
                    message.path("role") + " is \"" + role + "\", expected \"user\" or \"assistant\" or \"system\"");
        }
        message.refuseOthers();
    }

    private void addUser(FieldValue content) {
        for (JsonFields block : blocks(content)) {
            switch (block.requireText("type")) {
                case "text" -> turns.userGoesOn(text(block));
                case "tool_result" -> addResult(block);
                case String type -> throw unknown(block, type);
            }
        }
    }

    private void addAssistant(FieldValue content) {
        List<String> texts = new ArrayList<>();
        List<ChatTurns.Call> calls = new ArrayList<>();
        for (JsonFields block : blocks(content)) {
            switch (block.requireText("type")) {
                case "text" -> texts.add(text(block));
                case "tool_use" -> calls.add(call(block));
                case String type -> throw unknown(block, type);
            }
        }
        turns.assistant(String.join("\n", texts), calls);
    }

    private static ChatTurns.Call call(JsonFields block) {
        String id = block.requireText("id");
        String name = block.requireText("name");
        JsonFields input = block.require("input").object();
        block.allow("cache_control", "caller", "toolset_name").refuseOthers();
        return new ChatTurns.Call(id, name, JsonText.write(input.node()));
    }

    private void addResult(JsonFields block) {
        String id = block.requireText("tool_use_id");
        String text = block.value("content").map(AnthropicTurns::plainText).orElse("");
        boolean isError = block.flag("is_error").orElse(false);
        block.allow("cache_control", "toolset_name").refuseOthers();
        turns.result(id, isError ? "Error: " + text : text, block.path("tool_use_id"));
    }

    /** Text, or blocks of nothing else. */
    private static String plainText(FieldValue content) {
        List<String> texts = new ArrayList<>();
        for (JsonFields block : blocks(content)) {
            String type = block.requireText("type");
            if (!type.equals("text")) {
                throw unknown(block, type);
            }
            texts.add(text(block));
        }
        return String.join("\n", texts);
    }

    private static List<JsonFields> blocks(FieldValue content) {
        return content.isText() ? List.of(textBlock(content)) : content.list().stream().map(FieldValue::object).toList();
    }

    private static JsonFields textBlock(FieldValue content) {
        return new FieldValue(content.path(), JsonText.tree(Map.of("type", "text", "text", content.text()))).object();
    }

    private static String text(JsonFields block) {
        String text = block.requireText("text");
        block.allow("cache_control", "citations").refuseOthers();
        return text;
    }

    private static ApiFailure unknown(JsonFields block, String type) {
        String what = switch (type) {
            case "image", "document", "thinking", "redacted_thinking" -> "; models here read and write text alone";
            default -> "";
        };
        return ApiFailure.unsupported(block.path("type"), "a block of type \"" + type + "\" is not supported here" + what);
    }
}
