package dev.ondine.server.chat;

import dev.ondine.api.TaskBuilder;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.List;

/**
 * The tools that a model may call.
 *
 * @param definitions none if there are no tools
 */
public record ChatTools(List<ToolDefinition> definitions, ToolChoice choice) {

    /** No tools. */
    public static final ChatTools NONE = new ChatTools(List.of(), ToolChoice.none());

    /** Keeps a copy. */
    public ChatTools {
        definitions = List.copyOf(definitions);
    }

    /** Tools and a choice that fits them. @throws ApiFailure if a tool is asked for that is not there; it names the path */
    public static ChatTools of(List<ToolDefinition> definitions, ToolChoice choice, String path) {
        boolean asks = choice.kind() == ToolChoice.Kind.REQUIRED || choice.kind() == ToolChoice.Kind.NAMED;
        if (asks && definitions.isEmpty()) {
            throw ApiFailure.parameter(path, path + " asks for a call, but there are no tools");
        }
        if (choice.kind() == ToolChoice.Kind.NAMED && definitions.stream().noneMatch(tool -> tool.name().equals(choice.name()))) {
            throw ApiFailure.parameter(path, path + " asks for the tool " + choice.name() + ", but there is no such tool");
        }
        return definitions.isEmpty() ? NONE : new ChatTools(definitions, choice);
    }

    /** Gives a task these tools. */
    public TaskBuilder addTo(TaskBuilder task) {
        return task.tools(definitions).toolChoice(choice);
    }
}
