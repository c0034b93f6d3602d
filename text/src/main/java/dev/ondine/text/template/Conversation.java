package dev.ondine.text.template;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a chat template turns into a prompt.
 *
 * @param tools descriptions of functions that the model may call, as JSON schemas; null for none
 * @param documents what the answer may cite; null for none
 * @param addGenerationPrompt whether the prompt ends where the assistant's answer begins
 * @param variables further variables such as {@code enable_thinking}; they win over the template's usual ones
 */
public record Conversation(List<Message> messages, List<?> tools, List<?> documents, boolean addGenerationPrompt, Map<String, ?> variables) {

    public Conversation {
        Objects.requireNonNull(messages, "messages");
        Objects.requireNonNull(variables, "variables");
    }

    /** Messages that the assistant is to answer. */
    public static Conversation of(List<Message> messages) {
        return new Conversation(messages, null, null, true, Map.of());
    }

    public Conversation withTools(List<?> tools) {
        return new Conversation(messages, tools, documents, addGenerationPrompt, variables);
    }

    public Conversation withGenerationPrompt(boolean addGenerationPrompt) {
        return new Conversation(messages, tools, documents, addGenerationPrompt, variables);
    }

    public Conversation withVariables(Map<String, ?> variables) {
        return new Conversation(messages, tools, documents, addGenerationPrompt, variables);
    }
}
