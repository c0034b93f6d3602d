package dev.ondine.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A chat request of LangChain4j as a task. */
final class ChatTask {

    private final ChatSettings settings;
    private final ChatRequest request;
    private final LocalModel model;

    /** @throws ModelNotFoundException if there is no such model */
    ChatTask(ChatSettings settings, ChatRequest request) {
        this.settings = settings;
        this.request = request;
        this.model = request.modelName() == null ? settings.ondine().model() : settings.ondine().findModel(request.modelName())
                .orElseThrow(() -> new ModelNotFoundException("there is no model " + request.modelName()));
    }

    LocalModel model() {
        return model;
    }

    /** @throws UnsupportedFeatureException if the request asks for what cannot be done */
    TaskBuilder described() {
        TaskBuilder task = settings.ondine().task(ChatMessages.of(request.messages())).model(model)
                .terms(settings.terms()).sampling(sampling());
        if (request.maxOutputTokens() != null) {
            task.maxTokens(request.maxOutputTokens());
        }
        if (request.stopSequences() != null) {
            request.stopSequences().forEach(task::stop);
        }
        describeTools(task);
        describeForm(task);
        return task;
    }

    /** Penalties count tokens of prompt and answer. */
    private SamplingOptions sampling() {
        SamplingOptions greedy = SamplingOptions.GREEDY;
        return new SamplingOptions(or(request.temperature(), greedy.temperature()), request.topK() == null ? greedy.topK() : request.topK(),
                or(request.topP(), greedy.topP()), greedy.minP(), greedy.typicalP(), greedy.repetitionPenalty(),
                or(request.presencePenalty(), 0), or(request.frequencyPenalty(), 0), Integer.MAX_VALUE, Map.of(),
                settings.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static float or(Double given, float fallback) {
        return given == null ? fallback : given.floatValue();
    }

    private void describeTools(TaskBuilder task) {
        if (request.toolSpecifications() == null || request.toolSpecifications().isEmpty()) {
            return;
        }
        task.tools(request.toolSpecifications().stream().map(this::tool).toList());
        if (request.toolChoice() != null) {
            task.toolChoice(switch (request.toolChoice()) {
                case AUTO -> ToolChoice.auto();
                case REQUIRED -> ToolChoice.required();
                case NONE -> ToolChoice.none();
            });
        }
    }

    private ToolDefinition tool(ToolSpecification tool) {
        Map<String, Object> parameters = tool.parameters() == null ? Map.of("type", "object", "properties", Map.of())
                : JsonSchemaElementUtils.toMap(tool.parameters());
        boolean strict = tool.strict() == null ? settings.strictTools() : tool.strict();
        return new ToolDefinition(tool.name(), tool.description() == null ? "" : tool.description(), closed(parameters), strict);
    }

    /** A schema that says nothing of further properties means that there are none. */
    private static Map<String, Object> closed(Map<String, Object> schema) {
        Map<String, Object> closed = new LinkedHashMap<>(schema);
        closed.putIfAbsent("additionalProperties", false);
        return closed;
    }

    private void describeForm(TaskBuilder task) {
        ResponseFormat format = request.responseFormat();
        if (format == null || format.type() == ResponseFormatType.TEXT) {
            return;
        }
        if (format.jsonSchema() == null) {
            task.jsonObject();
        } else {
            task.schema(schema(format.jsonSchema().rootElement()));
        }
    }

    private static Map<String, Object> schema(JsonSchemaElement element) {
        if (element instanceof JsonRawSchema raw) {
            return ChatMessages.jsonObject(raw.schema());
        }
        Map<String, Object> schema = JsonSchemaElementUtils.toMap(element);
        return "object".equals(schema.get("type")) ? closed(schema) : schema;
    }
}
