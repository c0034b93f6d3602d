package dev.ondine.server.anthropic;

import dev.ondine.api.LocalModel;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.server.chat.ChatTools;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.SamplingFields;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.ToolFields;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A request for a message, read whole.
 *
 * @param modelName     as the client wrote it
 * @param task          that answers it
 * @param stops         that the client gave
 * @param isStreamed    whether the answer is wanted piece by piece
 * @param isEager       whether calls are wanted as they are written
 */
record AnthropicRequest(String modelName, LocalModel model, TaskBuilder task, List<String> stops, boolean isStreamed, boolean isEager) {

    private static final int MOST_STOPS = 64;

    /** Reads a request for an answer. */
    static AnthropicRequest of(Exchange exchange, TaskDesk desk) {
        JsonFields body = exchange.json();
        AnthropicRequest request = read(body, desk);
        int most = (int) body.require("max_tokens").whole(1, Integer.MAX_VALUE);
        request.task.maxTokens(most).sampling(sampling(body)).terms(TermsFields.of(exchange, body, OptionalLong.of(most)));
        request.stops.forEach(request.task::stop);
        body.allow("metadata", "service_tier").refuseOthers();
        return request;
    }

    /** Reads what makes up a prompt; what else an answer depends on may be there. */
    static AnthropicRequest ofPrompt(JsonFields body, TaskDesk desk) {
        AnthropicRequest request = read(body, desk);
        body.allow("max_tokens", "temperature", "top_k", "top_p", "metadata", "service_tier").refuseOthers();
        return request;
    }

    private static AnthropicRequest read(JsonFields body, TaskDesk desk) {
        String name = body.requireText("model");
        LocalModel model = desk.models().find(name);
        ChatTools tools = AnthropicTools.of(body);
        TaskBuilder task = tools.addTo(desk.task(model)).messages(AnthropicTurns.of(body));
        body.object("output_config").ifPresent(config -> readForm(config, task));
        body.object("thinking").ifPresent(AnthropicRequest::refuseThinking);
        body.allowOnly("speed", "there is one speed", "standard").allow("cache_control");
        return new AnthropicRequest(name, model, task, stops(body), body.flag("stream").orElse(false), AnthropicTools.areEager(body));
    }

    private static List<String> stops(JsonFields body) {
        List<FieldValue> values = body.list("stop_sequences");
        if (values.size() > MOST_STOPS) {
            throw ApiFailure.parameter("stop_sequences", "stop_sequences has " + values.size() + " items, expected at most " + MOST_STOPS);
        }
        for (FieldValue value : values) {
            if (value.text().isEmpty()) {
                throw value.wrong("at least one character");
            }
        }
        return values.stream().map(FieldValue::text).toList();
    }

    private static SamplingOptions sampling(JsonFields body) {
        float temperature = (float) body.number("temperature", 0, 1).orElse(1);
        int topK = (int) body.whole("top_k", 0, Integer.MAX_VALUE).orElse(0);
        float topP = (float) body.number("top_p", Float.MIN_NORMAL, 1).orElse(1);
        return new SamplingOptions(temperature, topK, topP, 0, 1, 1, 0, 0, 0, Map.of(), SamplingFields.seed(body));
    }

    private static void readForm(JsonFields config, TaskBuilder task) {
        config.object("format").ifPresent(format -> {
            format.choice("type", Map.of("json_schema", true));
            Map<String, Object> schema = ToolFields.schema(format.require("schema"));
            TaskFailures.translated(() -> task.schema(schema));
            format.refuseOthers();
        });
        config.allowOnly("effort", "models here do not choose how hard they think", "high");
        config.refuseOthers();
    }

    /** What is on its own initiative may be left undone. */
    private static void refuseThinking(JsonFields thinking) {
        thinking.allowOnly("type", "models here do not think aloud", "disabled", "adaptive");
    }
}
