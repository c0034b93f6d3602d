package dev.ondine.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.Json;
import dev.ondine.api.ToolMessages;
import dev.ondine.text.template.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** LangChain4j's messages as chat templates see them. */
final class ChatMessages {

    private ChatMessages() {
    }

    /** @throws UnsupportedFeatureException for pictures, sounds and other things that are no text */
    static List<Message> of(List<ChatMessage> messages) {
        return messages.stream().map(ChatMessages::of).toList();
    }

    private static Message of(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> Message.system(system.text());
            case UserMessage user -> Message.user(text(user.contents()));
            case AiMessage answer -> answer(answer);
            case ToolExecutionResultMessage result ->
                    ToolMessages.result(orEmpty(result.id()), orEmpty(result.toolName()), text(result.contents()));
            default -> throw new UnsupportedFeatureException("a message of type %s, expected one of system, user, assistant or tool"
                    .formatted(message.type()));
        };
    }

    private static Message answer(AiMessage answer) {
        String text = orEmpty(answer.text());
        return answer.hasToolExecutionRequests()
                ? ToolMessages.calls(text, answer.toolExecutionRequests().stream().map(ChatMessages::call).toList())
                : Message.assistant(text);
    }

    private static ToolMessages.MadeCall call(ToolExecutionRequest request) {
        return new ToolMessages.MadeCall(orEmpty(request.id()), request.name(), arguments(request));
    }

    private static Map<String, ?> arguments(ToolExecutionRequest request) {
        if (request.arguments() == null || request.arguments().isBlank()) {
            return Map.of();
        }
        try {
            return jsonObject(request.arguments());
        } catch (RuntimeException e) {
            throw new InvalidRequestException("the arguments of a call of %s are no JSON object: %s".formatted(request.name(),
                    request.arguments()), e);
        }
    }

    static Map<String, Object> jsonObject(String json) {
        Map<String, Object> object = new LinkedHashMap<>();
        Map<?, ?> read = Json.fromJson(json, Map.class);
        read.forEach((name, value) -> object.put((String) name, value));
        return object;
    }

    private static String text(List<Content> contents) {
        return contents.stream().map(content -> {
            if (content instanceof TextContent text) {
                return text.text();
            }
            throw new UnsupportedFeatureException("content of type %s, expected text".formatted(content.type()));
        }).collect(Collectors.joining("\n"));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
