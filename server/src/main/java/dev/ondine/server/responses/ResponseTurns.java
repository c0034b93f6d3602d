package dev.ondine.server.responses;

import dev.ondine.server.chat.ChatTurns;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.json.FieldValue;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the input of a response: a text, or items. Calls without something said between them are one turn. */
final class ResponseTurns {

    private final ChatTurns turns;
    private final List<ChatTurns.Call> calls = new ArrayList<>();
    private String said = "";

    private ResponseTurns(List<Message> before) {
        turns = new ChatTurns(before);
    }

    /** The conversation before and the input after it. */
    static List<Message> of(List<Message> before, FieldValue input) {
        var reader = new ResponseTurns(before);
        if (input.isText()) {
            reader.turns.user(input.text());
        } else {
            input.list().forEach(item -> reader.add(item.object()));
        }
        reader.endTurn();
        return reader.turns.all();
    }

    private void add(JsonFields item) {
        switch (item.text("type").orElse("message")) {
            case "message" -> addMessage(item);
            case "function_call" -> calls.add(call(item));
            case "function_call_output" -> addResult(item);
            case String type -> throw ApiFailure.unsupported(item.path("type"), "an item of type \"" + type + "\" is not supported here");
        }
    }

    private void addMessage(JsonFields item) {
        String text = content(item.require("content"));
        switch (item.requireText("role")) {
            case "user" -> {
                endTurn();
                turns.user(text);
            }
            case "system", "developer" -> {
                endTurn();
                turns.system(text);
            }
            case "assistant" -> {
                endTurn();
                said = text;
            }
            case String role -> throw ApiFailure.parameter(item.path("role"), item.path("role") + " is \"" + role
                    + "\", expected \"user\" or \"assistant\" or \"system\" or \"developer\"");
        }
        item.allow("id", "status", "phase").refuseOthers();
    }

    private static ChatTurns.Call call(JsonFields item) {
        String id = item.requireText("call_id");
        String name = item.requireText("name");
        JsonNode arguments = JsonText.read(item.requireText("arguments"), item.path("arguments"));
        item.allow("id", "status", "parsed_arguments").refuseOthers();
        return new ChatTurns.Call(id, name, JsonText.write(arguments));
    }

    private void addResult(JsonFields item) {
        endTurn();
        String id = item.requireText("call_id");
        String text = content(item.require("output"));
        item.allow("id", "status").refuseOthers();
        turns.result(id, text, item.path("call_id"));
    }

    private static String content(FieldValue content) {
        if (content.isText()) {
            return content.text();
        }
        List<String> texts = new ArrayList<>();
        for (FieldValue value : content.list()) {
            JsonFields part = value.object();
            switch (part.requireText("type")) {
                case "input_text", "output_text" -> texts.add(part.requireText("text"));
                case "refusal" -> texts.add(part.requireText("refusal"));
                case String type -> throw ApiFailure.unsupported(part.path("type"),
                        "content of type \"" + type + "\" is not supported here; models here read and write text alone");
            }
            part.allow("annotations", "logprobs", "parsed").refuseOthers();
        }
        return String.join("", texts);
    }

    private void endTurn() {
        if (!said.isEmpty() || !calls.isEmpty()) {
            turns.assistant(said, List.copyOf(calls));
        }
        said = "";
        calls.clear();
    }
}
