package dev.ondine.server.responses;

import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.server.chat.ChatTools;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.SamplingFields;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.ToolFields;
import dev.ondine.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request for a response, read whole.
 *
 * @param task         that answers it
 * @param conversation up to the answer, without instructions
 * @param echo         what a response repeats of its request
 */
record ResponseRequest(LocalModel model, TaskBuilder task, FieldValue input, List<Message> conversation, boolean isStreamed,
                       boolean isBackground, boolean isKept, Map<String, Object> echo) {

    private static final String[] HARMLESS = {"metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
        "prompt_cache_options", "stream_options"};

    /** Reads a request. @param before finds the conversation of an earlier response by its id */
    static ResponseRequest of(Exchange exchange, JsonFields body, TaskDesk desk, Earlier before) {
        String name = body.requireText("model");
        LocalModel model = desk.models().find(name);
        FieldValue input = body.require("input");
        Optional<String> previous = body.text("previous_response_id");
        List<Message> conversation = ResponseTurns.of(previous.map(before::conversation).orElse(List.of()), input);
        if (conversation.isEmpty()) {
            throw input.wrong("at least one message");
        }
        Optional<String> instructions = body.text("instructions");
        ChatTools tools = ResponseTools.of(body);
        SamplingOptions sampling = SamplingFields.of(body);
        TaskBuilder task = tools.addTo(desk.task(model)).messages(told(instructions, conversation)).sampling(sampling);
        OptionalLong most = body.whole("max_output_tokens", 1, Integer.MAX_VALUE);
        most.ifPresent(tokens -> task.maxTokens((int) tokens));
        task.terms(TermsFields.of(exchange, body, most));
        Map<String, Object> text = body.object("text").map(format -> form(format, task)).orElse(plainText());
        Map<String, Object> echo = echo(body, name, sampling, text);
        boolean isStreamed = body.flag("stream").orElse(false);
        boolean isBackground = body.flag("background").orElse(false);
        boolean isKept = body.flag("store").orElse(true);
        refuseOthers(body);
        if (isBackground && (isStreamed || !isKept)) {
            throw ApiFailure.unsupported("background", "background is not supported together with stream, nor without store");
        }
        return new ResponseRequest(model, task, input, conversation, isStreamed, isBackground, isKept, echo);
    }

    /** Finds earlier conversations. */
    @FunctionalInterface
    interface Earlier {

        /** The turns up to and with the response of an id. @throws ApiFailure if there is none */
        List<Message> conversation(String id);
    }

    private static List<Message> told(Optional<String> instructions, List<Message> conversation) {
        List<Message> all = new ArrayList<>();
        instructions.ifPresent(text -> all.add(Message.system(text)));
        all.addAll(conversation);
        return all;
    }

    private static Map<String, Object> form(JsonFields text, TaskBuilder task) {
        Optional<JsonFields> format = text.object("format");
        text.allowOnly("verbosity", "ask for it in the instructions", "medium");
        text.refuseOthers();
        format.ifPresent(fields -> {
            switch (fields.requireText("type")) {
                case "text" -> { }
                case "json_object" -> task.jsonObject();
                case "json_schema" -> {
                    Map<String, Object> schema = ToolFields.schema(fields.require("schema"));
                    TaskFailures.translated(() -> task.schema(schema));
                    fields.allow("name", "description", "strict");
                }
                case String type -> throw ApiFailure.parameter(fields.path("type"), fields.path("type") + " is \"" + type
                        + "\", expected \"text\" or \"json_schema\" or \"json_object\"");
            }
            fields.refuseOthers();
        });
        return format.isPresent() ? JsonText.fields(text.node()) : plainText();
    }

    private static Map<String, Object> plainText() {
        return Map.of("format", Map.of("type", "text"));
    }

    private static Map<String, Object> echo(JsonFields body, String model, SamplingOptions sampling, Map<String, Object> text) {
        Map<String, Object> echo = JsonText.map("model", model);
        for (String name : List.of("instructions", "max_output_tokens", "previous_response_id")) {
            echo.put(name, given(body, name, null));
        }
        echo.put("background", given(body, "background", false));
        echo.put("store", given(body, "store", true));
        echo.put("metadata", given(body, "metadata", Map.of()));
        echo.put("parallel_tool_calls", given(body, "parallel_tool_calls", true));
        echo.put("temperature", given(body, "temperature", sampling.temperature()));
        echo.put("top_p", given(body, "top_p", sampling.topP()));
        echo.put("text", text);
        echo.put("tools", given(body, "tools", List.of()));
        echo.put("tool_choice", given(body, "tool_choice", "auto"));
        echo.put("reasoning", null);
        echo.put("truncation", "disabled");
        echo.put("service_tier", "default");
        return echo;
    }

    private static Object given(JsonFields body, String name, Object otherwise) {
        return body.has(name) ? JsonText.plain(body.node().get(name)) : otherwise;
    }

    private static void refuseOthers(JsonFields body) {
        body.allowOnly("truncation", "a conversation that is too long is refused, not cut", "disabled");
        body.allowOnly("include", "there is nothing more to tell", List.of());
        body.allowOnly("top_logprobs", "ask /v1/chat/completions for log probabilities", 0);
        body.object("reasoning").ifPresent(reasoning -> {
            reasoning.allowOnly("effort", "models here do not think aloud", "none");
            reasoning.allowOnly("summary", "models here do not think aloud", "auto").refuseOthers();
        });
        body.allowOnly("service_tier", "there is one tier", "auto", "default").allow(HARMLESS).refuseOthers();
    }
}
