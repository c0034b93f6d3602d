package dev.ondine.api;

import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarPart;
import dev.ondine.text.tools.ToolCallFormat;
import dev.ondine.text.tools.ToolCallParser;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an answer is held to and how its tool calls are read; can be written down, for tasks that outlive the process.
 *
 * @param schema that the answer meets as JSON; empty for any text
 * @param tools  that it may call
 */
record AnswerForm(Optional<Map<String, ?>> schema, List<ToolDefinition> tools, ToolChoice choice, ToolCallFormat format) {

    AnswerForm {
        tools = choice.kind() == ToolChoice.Kind.NONE ? List.of() : List.copyOf(tools);
    }

    /** Empty where nothing holds the model. @throws IllegalArgumentException if a schema is refused, or there is no tool to call */
    Optional<Grammar> grammar() {
        if (schema.isEmpty()) {
            return tools.isEmpty() ? Optional.empty() : format.grammar(tools, choice);
        }
        GrammarPart json = new GrammarPart.Json("the schema of the answer", schema.get());
        return Optional.of(tools.isEmpty() ? Grammar.of(json) : format.grammar(tools, choice, json));
    }

    /** Of one answer; empty where no tools are offered. */
    Optional<ToolCallParser> parser() {
        return tools.isEmpty() ? Optional.empty()
                : Optional.of(new ToolCallParser(format, tools.stream().map(ToolDefinition::name).collect(Collectors.toSet())));
    }

    /** Control tokens that are part of the text. */
    Set<String> marks() {
        return tools.isEmpty() ? Set.of() : format.marks();
    }

    /** One JSON object; the empty text for any text without tools. */
    String written() {
        if (schema.isEmpty() && tools.isEmpty()) {
            return "";
        }
        Map<String, Object> form = new LinkedHashMap<>();
        schema.ifPresent(held -> form.put("schema", held));
        form.put("format", format.name());
        form.put("choice", choice.kind().name());
        form.put("name", choice.name());
        form.put("several", choice.several());
        form.put("tools", tools.stream().map(AnswerForm::fields).toList());
        return JsonNotes.MAPPER.writeValueAsString(form);
    }

    private static Map<String, Object> fields(ToolDefinition tool) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", tool.name());
        fields.put("description", tool.description());
        fields.put("parameters", tool.parameters());
        fields.put("strict", tool.strict());
        return fields;
    }

    /** @throws IllegalArgumentException if it is nothing that was written */
    static AnswerForm read(String written, ToolCallFormat fallback) {
        if (written.isEmpty()) {
            return new AnswerForm(Optional.empty(), List.of(), ToolChoice.auto(), fallback);
        }
        try {
            Map<String, Object> form = object(JsonNotes.MAPPER.readValue(written, Object.class));
            List<ToolDefinition> tools = new ArrayList<>();
            for (Object tool : (List<?>) form.get("tools")) {
                Map<String, Object> fields = object(tool);
                tools.add(new ToolDefinition((String) fields.get("name"), (String) fields.get("description"),
                        object(fields.get("parameters")), (Boolean) fields.get("strict")));
            }
            ToolChoice choice = new ToolChoice(ToolChoice.Kind.valueOf((String) form.get("choice")), (String) form.get("name"),
                    (Boolean) form.get("several"));
            return new AnswerForm(Optional.ofNullable(form.get("schema")).map(AnswerForm::object), tools, choice,
                    ToolCallFormat.valueOf((String) form.get("format")));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the form of its answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> object(Object json) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((name, value) -> object.put((String) name, value));
        return object;
    }
}
