package dev.ondine.server.anthropic;

import dev.ondine.server.chat.ChatTools;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.ToolFields;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code tools} and {@code tool_choice}. */
final class AnthropicTools {

    private AnthropicTools() {
    }

    static ChatTools of(JsonFields body) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (FieldValue value : body.list("tools")) {
            tools.add(tool(value.object()));
        }
        ToolFields.checked(tools, "tools");
        ToolChoice choice = body.object("tool_choice").map(AnthropicTools::choice).orElse(ToolChoice.auto());
        return ChatTools.of(tools, choice, body.path("tool_choice"));
    }

    /** Whether arguments of calls are wanted as they are written, valid or not; else each call comes whole. */
    static boolean areEager(JsonFields body) {
        return body.list("tools").stream().anyMatch(value -> value.object().flag("eager_input_streaming").orElse(false));
    }

    private static ToolDefinition tool(JsonFields tool) {
        tool.choice("type", Map.of("custom", true));
        String name = tool.requireText("name");
        String description = tool.text("description").orElse("");
        Map<String, Object> schema = ToolFields.schema(tool.require("input_schema"));
        boolean strict = tool.flag("strict").orElse(false);
        tool.allowOnly("defer_loading", "all tools are shown to the model", false);
        tool.allowOnly("allowed_callers", "tools are called by the model alone", List.of("direct"));
        tool.allow("cache_control", "eager_input_streaming").refuseOthers();
        return TaskFailures.translated(() -> new ToolDefinition(name, description, schema, strict));
    }

    private static ToolChoice choice(JsonFields choice) {
        ToolChoice wanted = switch (choice.requireText("type")) {
            case "auto" -> ToolChoice.auto();
            case "any" -> ToolChoice.required();
            case "none" -> ToolChoice.none();
            case "tool" -> ToolChoice.named(choice.requireText("name"));
            case String type -> throw ApiFailure.parameter(choice.path("type"), choice.path("type") + " is \"" + type
                    + "\", expected \"auto\" or \"any\" or \"tool\" or \"none\"");
        };
        boolean one = choice.flag("disable_parallel_tool_use").orElse(false);
        choice.refuseOthers();
        return one ? wanted.oneCall() : wanted;
    }
}
