package dev.ondine.server.responses;

import dev.ondine.server.chat.ChatTools;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.ToolFields;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
final class ResponseTools {

    private static final Map<String, ToolChoice> CHOICES =
            Map.of("auto", ToolChoice.auto(), "required", ToolChoice.required(), "none", ToolChoice.none());

    private ResponseTools() {
    }

    static ChatTools of(JsonFields body) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (FieldValue value : body.list("tools")) {
            tools.add(tool(value.object()));
        }
        ToolFields.checked(tools, "tools");
        boolean several = body.flag("parallel_tool_calls").orElse(true);
        ChatTools chosen = body.value("tool_choice").map(value -> chosen(tools, value))
                .orElseGet(() -> ChatTools.of(tools, ToolChoice.auto(), "tool_choice"));
        return several ? chosen : new ChatTools(chosen.definitions(), chosen.choice().oneCall());
    }

    /** Unlike elsewhere, arguments meet the schema unless the client says that they need not. */
    private static ToolDefinition tool(JsonFields tool) {
        String type = tool.requireText("type");
        if (!type.equals("function")) {
            throw ApiFailure.unsupported(tool.path("type"), "a tool of type \"" + type + "\" is not supported here, only \"function\"");
        }
        String name = tool.requireText("name");
        String description = tool.text("description").orElse("");
        Map<String, Object> parameters = tool.value("parameters").map(ToolFields::schema).orElse(Map.of());
        boolean strict = tool.flag("strict").orElse(true);
        tool.allowOnly("defer_loading", "all tools are shown to the model", false);
        tool.refuseOthers();
        return TaskFailures.translated(() -> new ToolDefinition(name, description, parameters, strict));
    }

    private static ChatTools chosen(List<ToolDefinition> tools, FieldValue value) {
        if (value.isText()) {
            return ChatTools.of(tools, value.choice(CHOICES), value.path());
        }
        JsonFields choice = value.object();
        switch (choice.requireText("type")) {
            case "function" -> {
                ToolChoice named = ToolChoice.named(choice.requireText("name"));
                choice.refuseOthers();
                return ChatTools.of(tools, named, value.path());
            }
            case "allowed_tools" -> {
                return allowed(tools, choice);
            }
            case String type -> throw ApiFailure.unsupported(choice.path("type"), "a choice of type \"" + type
                    + "\" is not supported here");
        }
    }

    private static ChatTools allowed(List<ToolDefinition> tools, JsonFields choice) {
        ToolChoice mode = choice.require("mode").choice(Map.of("auto", ToolChoice.auto(), "required", ToolChoice.required()));
        Set<String> names = new HashSet<>();
        for (FieldValue value : choice.require("tools").list()) {
            String name = value.object().requireText("name");
            if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                throw ApiFailure.parameter(value.path(), value.path() + " names the tool " + name + ", but there is no such tool");
            }
            names.add(name);
        }
        choice.refuseOthers();
        return ChatTools.of(tools.stream().filter(tool -> names.contains(tool.name())).toList(), mode, choice.path("mode"));
    }
}
