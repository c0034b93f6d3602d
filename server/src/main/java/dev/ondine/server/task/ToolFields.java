package dev.ondine.server.task;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.text.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Functions that a model may call, as OpenAI and Ollama describe them: {@code {"type": "function", "function": {"name", …}}}. */
public final class ToolFields {

    private static final int MOST_TOOLS = 128;

    private ToolFields() {
    }

    /** Reads the field {@code tools}; none if it is missing. */
    public static List<ToolDefinition> of(JsonFields fields) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (FieldValue item : fields.list("tools")) {
            JsonFields tool = item.object();
            String type = tool.text("type").orElse("function");
            if (!type.equals("function")) {
                throw ApiFailure.unsupported(item.path(), "a tool of type \"" + type + "\" is not supported here, only \"function\"");
            }
            JsonFields function = tool.require("function").object();
            tools.add(function(function));
            tool.allow("cache_control").refuseOthers();
        }
        return checked(tools, fields.path("tools"));
    }

    /** Reads one function: {@code name}, {@code description}, {@code parameters}, {@code strict}. Further fields are refused. */
    public static ToolDefinition function(JsonFields function) {
        String name = function.requireText("name");
        String description = function.text("description").orElse("");
        Map<String, Object> parameters = function.value("parameters").map(ToolFields::schema).orElse(Map.of());
        boolean strict = function.flag("strict").orElse(false);
        function.refuseOthers();
        return TaskFailures.translated(() -> new ToolDefinition(name, description, parameters, strict));
    }

    /** Checks that there are not too many, and no two of one name. @param path of the list */
    public static List<ToolDefinition> checked(List<ToolDefinition> tools, String path) {
        Set<String> names = new HashSet<>();
        for (ToolDefinition tool : tools) {
            if (!names.add(tool.name())) {
                throw ApiFailure.parameter(path, path + " holds two tools with the name " + tool.name());
            }
        }
        if (tools.size() > MOST_TOOLS) {
            throw ApiFailure.parameter(path, path + " holds " + tools.size() + " tools, expected at most " + MOST_TOOLS);
        }
        return tools;
    }

    /** A JSON schema as plain values. */
    public static Map<String, Object> schema(FieldValue value) {
        Map<String, Object> schema = new LinkedHashMap<>();
        ((Map<?, ?>) JsonText.plain(value.object().node())).forEach((name, inner) -> schema.put((String) name, inner));
        return schema;
    }
}
