package dev.ondine.server.openai;

import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.api.TaskBuilder;
import dev.ondine.engine.GenerationOptions;
import dev.ondine.engine.SamplingOptions;
import dev.ondine.os.TaskTerms;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.json.FieldValue;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.SamplingFields;
import dev.ondine.server.task.TermsFields;
import dev.ondine.server.task.ToolFields;
import dev.ondine.text.template.Message;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a chat completion was asked to be: every parameter honoured, or refused by name.
 *
 * @param scores how many likely tokens to tell for each one; empty for no scores
 */
record ChatRequest(LocalModel model, List<Message> messages, SamplingOptions sampling, OptionalLong maxTokens, List<String> stops,
                   int choices, OptionalInt scores, List<ToolDefinition> tools, ToolChoice toolChoice, AnswerFormat format,
                   TaskTerms terms, Delivery delivery) {

    private static final int MOST_CHOICES = 128;
    private static final int MOST_STOPS = 16;

    /**
     * How the answer is sent.
     *
     * @param isStream   piece by piece
     * @param countsLast whether a stream ends with the number of tokens
     */
    record Delivery(boolean isStream, boolean countsLast) {

        static Delivery of(JsonFields body) {
            boolean isStream = body.flag("stream").orElse(false);
            if (body.has("stream_options") && !isStream) {
                throw ApiFailure.parameter("stream_options", "stream_options is for streams; set stream to true or leave it out");
            }
            boolean countsLast = body.object("stream_options").map(options -> {
                boolean counts = options.flag("include_usage").orElse(false);
                options.allow("include_obfuscation").refuseOthers();
                return counts;
            }).orElse(false);
            return new Delivery(isStream, countsLast);
        }
    }

    static ChatRequest of(Exchange exchange, JsonFields body, ModelDirectory models) {
        OptionalLong maxTokens = maxTokens(body);
        List<ToolDefinition> tools = ToolFields.of(body);
        var request = new ChatRequest(models.of(body), OpenAiTurns.of(body), SamplingFields.of(body), maxTokens, stops(body), choices(body),
                scores(body), tools, toolChoice(body, tools), AnswerFormat.of(body), TermsFields.of(exchange, body, maxTokens),
                Delivery.of(body));
        refuseWhatIsNotHonoured(body);
        if (!tools.isEmpty() && request.toolChoice.kind() != ToolChoice.Kind.NONE && !(request.format instanceof AnswerFormat.Text)) {
            throw ApiFailure.parameter("response_format",
                    "response_format holds the answer to JSON, so no tool could be called; leave one out");
        }
        return request;
    }

    /** One order for each choice; a later choice has a seed of its own. */
    List<TaskBuilder> orders(Ondine ondine) {
        return IntStream.range(0, choices).mapToObj(choice -> order(ondine, choice)).toList();
    }

    private TaskBuilder order(Ondine ondine, int choice) {
        TaskBuilder order = ondine.task(messages).model(model).sampling(sampling.withSeed(sampling.seed() + choice)).terms(terms);
        maxTokens.ifPresent(most -> order.maxTokens((int) most));
        stops.forEach(order::stop);
        scores.ifPresent(order::scores);
        if (!tools.isEmpty()) {
            order.tools(tools).toolChoice(toolChoice);
        }
        switch (format) {
            case AnswerFormat.Text() -> { }
            case AnswerFormat.JsonObject() -> order.jsonObject();
            case AnswerFormat.Schema(var schema) -> order.schema(schema);
        }
        return order;
    }

    private static OptionalLong maxTokens(JsonFields body) {
        OptionalLong newer = body.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalLong older = body.whole("max_tokens", 1, Integer.MAX_VALUE);
        return newer.isPresent() ? newer : older;
    }

    static List<String> stops(JsonFields body) {
        List<String> stops = body.texts("stop");
        if (stops.size() > MOST_STOPS || stops.contains("")) {
            throw ApiFailure.parameter("stop", "stop holds " + (stops.contains("") ? "an empty text" : stops.size() + " texts")
                    + ", expected up to " + MOST_STOPS + " that are not empty");
        }
        return stops;
    }

    static int choices(JsonFields body) {
        return (int) body.whole("n", 1, MOST_CHOICES).orElse(1);
    }

    private static OptionalInt scores(JsonFields body) {
        boolean wanted = body.flag("logprobs").orElse(false);
        OptionalLong likeliest = body.whole("top_logprobs", 0, GenerationOptions.MOST_SCORES);
        if (likeliest.isPresent() && !wanted) {
            throw ApiFailure.parameter("top_logprobs", "top_logprobs needs logprobs to be true");
        }
        return wanted ? OptionalInt.of((int) likeliest.orElse(0)) : OptionalInt.empty();
    }

    private static ToolChoice toolChoice(JsonFields body, List<ToolDefinition> tools) {
        ToolChoice choice = body.value("tool_choice").map(ChatRequest::toolChoice)
                .orElse(tools.isEmpty() ? ToolChoice.none() : ToolChoice.auto());
        boolean several = body.flag("parallel_tool_calls").orElse(true);
        if (choice.kind() == ToolChoice.Kind.NAMED && tools.stream().noneMatch(tool -> tool.name().equals(choice.name()))) {
            throw ApiFailure.parameter("tool_choice", "tool_choice names " + choice.name() + ", which is none of the tools");
        }
        if (choice.kind() == ToolChoice.Kind.REQUIRED && tools.isEmpty()) {
            throw ApiFailure.parameter("tool_choice", "tool_choice asks for a call, but there are no tools");
        }
        return several ? choice : choice.oneCall();
    }

    private static ToolChoice toolChoice(FieldValue value) {
        if (value.isText()) {
            return value.choice(Map.of("none", ToolChoice.none(), "auto", ToolChoice.auto(), "required", ToolChoice.required()));
        }
        JsonFields choice = value.object();
        choice.allowOnly("type", "this server knows \"none\", \"auto\", \"required\" and one function by name", "function");
        JsonFields function = choice.require("function").object();
        ToolChoice named = ToolChoice.named(function.requireText("name"));
        function.refuseOthers();
        choice.refuseOthers();
        return named;
    }

    private static void refuseWhatIsNotHonoured(JsonFields body) {
        body.allowOnly("functions", "it is out of use; send tools").allowOnly("function_call", "it is out of use; send tool_choice")
                .allowOnly("modalities", "models here read and write text alone", List.of("text"))
                .allowOnly("audio", "models here read and write text alone")
                .allowOnly("prediction", "it would change nothing about the answer here; leave it out")
                .allowOnly("reasoning_effort", "models here do not think aloud", "none")
                .allowOnly("verbosity", "models here have no such setting", "medium")
                .allowOnly("web_search_options", "this server does not search the web")
                .allowOnly("service_tier", "there is one; use priority", "auto", "default")
                .allowOnly("store", "nothing is kept here", false);
        body.allow("user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention").refuseOthers();
    }
}
