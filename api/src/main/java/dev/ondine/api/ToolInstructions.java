package dev.ondine.api;

import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tools in plain messages, for models whose chat template knows of none: their descriptions in the first message, calls and results as
 * text, in the words that many models were trained on.
 *
 * @see <a href="https://huggingface.co/NousResearch/Hermes-3-Llama-3.1-8B#prompt-format-for-function-calling">Hermes function calling</a>
 */
final class ToolInstructions {

    private static final String BEFORE = """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            """;
    private static final String AFTER = """
            </tools>

            For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
            <tool_call>
            {"name": <function-name>, "arguments": <args-json-object>}
            </tool_call>""";

    private ToolInstructions() {
    }

    /** @param hasSystem whether the model's template takes a system message */
    static List<Message> plain(List<Message> messages, List<Map<String, Object>> functions, boolean hasSystem) {
        List<Message> plain = new ArrayList<>();
        for (Message message : messages) {
            if ("tool".equals(message.fields().get("role"))) {
                addResult(plain, text(message));
            } else {
                plain.add(message.fields().get("tool_calls") instanceof List<?> calls ? Message.assistant(calls(text(message), calls)) : message);
            }
        }
        if (!functions.isEmpty()) {
            describe(plain, functions, hasSystem);
        }
        return plain;
    }

    private static String text(Message message) {
        return message.fields().get("content") instanceof String text ? text : "";
    }

    /** Several results are one message: templates want user and assistant to take turns. */
    private static void addResult(List<Message> plain, String content) {
        String result = "<tool_response>\n" + content + "\n</tool_response>";
        boolean follows = !plain.isEmpty() && "user".equals(plain.getLast().fields().get("role")) && text(plain.getLast()).startsWith("<tool_response>");
        plain.add(Message.user(follows ? text(plain.removeLast()) + "\n" + result : result));
    }

    private static String calls(String text, List<?> calls) {
        StringBuilder all = new StringBuilder(text);
        for (Object call : calls) {
            Object function = call instanceof Map<?, ?> fields && fields.containsKey("function") ? fields.get("function") : call;
            all.append(all.isEmpty() ? "" : "\n").append("<tool_call>\n").append(JsonNotes.MAPPER.writeValueAsString(function)).append("\n</tool_call>");
        }
        return all.toString();
    }

    private static void describe(List<Message> plain, List<Map<String, Object>> functions, boolean hasSystem) {
        StringBuilder instructions = new StringBuilder(BEFORE);
        functions.forEach(function -> instructions.append(JsonNotes.MAPPER.writeValueAsString(function)).append('\n'));
        instructions.append(AFTER);
        boolean starts = !plain.isEmpty() && List.of("system", hasSystem ? "system" : "user").contains(plain.getFirst().fields().get("role"));
        if (starts) {
            Message first = plain.removeFirst();
            Map<String, Object> fields = new LinkedHashMap<>(first.fields());
            fields.put("content", hasSystem ? text(first) + "\n\n" + instructions : instructions + "\n\n" + text(first));
            plain.addFirst(new Message(fields));
        } else {
            plain.addFirst(hasSystem ? Message.system(instructions.toString()) : Message.user(instructions.toString()));
        }
    }
}
