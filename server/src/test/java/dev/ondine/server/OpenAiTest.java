package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The API of OpenAI on a running server with the embedded model. */
final class OpenAiTest {

    private static final String STORY = "\"model\": \"pebble\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"temperature\": 0";
    private static final String TOOLS = """
            , "tools": [{"type": "function", "function": {"name": "set_alarm", "description": "Sets an alarm", "parameters":
             {"type": "object", "properties": {"time": {"type": "string"}}, "required": ["time"], "additionalProperties": false}}}]""";
    private static final String WAKE = "\"messages\": [{\"role\": \"user\", \"content\": \"Wake me at half past six\"}], \"temperature\": 0";

    private static ModelServer server;

    @BeforeAll
    static void start() {
        server = new ModelServer();
    }

    @AfterAll
    static void stop() {
        assertThat(server.broken).isEmpty();
        server.close();
    }

    private static JsonNode chat(String fields) throws Exception {
        return server.ask("/v1/chat/completions", "{" + fields + "}");
    }

    private static List<JsonNode> stream(String path, String fields) throws Exception {
        try (Stream<String> events = server.events(path, "{" + fields + ", \"stream\": true}")) {
            List<String> all = events.toList();
            assertThat(all.getLast()).isEqualTo("[DONE]");
            return all.subList(0, all.size() - 1).stream().map(ModelServer.JSON::readTree).toList();
        }
    }

    @Test
    void answersAChat() throws Exception {
        JsonNode answer = chat(STORY + ", \"max_tokens\": 12");

        assertThat(answer.at("/object").asString()).isEqualTo("chat.completion");
        assertThat(answer.at("/id").asString()).startsWith("chatcmpl-");
        assertThat(answer.at("/model").asString()).isEqualTo("pebble");
        assertThat(answer.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/message/content").asString()).hasSizeGreaterThan(10);
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(12);
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(answer.at("/usage/prompt_tokens").asInt() + 12);
        assertThat(answer.at("/timings/total_ms").asDouble()).isPositive();
    }

    @Test
    void streamsWhatItAnswers() throws Exception {
        String whole = chat(STORY + ", \"max_completion_tokens\": 20").at("/choices/0/message/content").asString();
        List<JsonNode> chunks = stream("/v1/chat/completions", STORY
                + ", \"max_completion_tokens\": 20, \"stream_options\": {\"include_usage\": true}");

        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.at("/object").asString()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.at("/id")).isEqualTo(chunks.getFirst().at("/id"));
            assertThat(chunk.has("usage")).isTrue();
        });
        assertThat(chunks.stream().map(chunk -> chunk.at("/choices/0/delta/content").asString("")).collect(Collectors.joining()))
                .isEqualTo(whole);
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(chunks.getLast().at("/choices").size()).isZero();
        assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(20);
        assertThat(chunks).as("several pieces").hasSizeGreaterThan(5);
    }

    @Test
    void sameSeedSameText() throws Exception {
        String fields = "\"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"max_tokens\": 20, \"temperature\": 1.5, \"seed\": ";

        assertThat(content(chat(fields + "7"), 0)).isEqualTo(content(chat(fields + "7"), 0)).isNotEqualTo(content(chat(fields + "8"), 0));
        JsonNode two = chat(fields + "7, \"n\": 2");
        assertThat(content(two, 0)).isEqualTo(content(chat(fields + "7"), 0)).isNotEqualTo(content(two, 1));
        assertThat(two.at("/usage/completion_tokens").asInt()).isGreaterThan(20);
    }

    @Test
    void streamsSeveralChoices() throws Exception {
        String fields = "\"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"max_tokens\": 12, \"seed\": 3, \"n\": 3";
        JsonNode whole = chat(fields);
        List<JsonNode> chunks = stream("/v1/chat/completions", fields);

        for (int choice = 0; choice < 3; choice++) {
            int index = choice;
            assertThat(chunks.stream().filter(chunk -> chunk.at("/choices/0/index").asInt() == index)
                    .map(chunk -> chunk.at("/choices/0/delta/content").asString("")).collect(Collectors.joining()))
                            .isEqualTo(content(whole, index));
        }
    }

    @Test
    void stopsAtATextAndAtABias() throws Exception {
        String story = content(chat(STORY + ", \"max_tokens\": 20"), 0);
        String word = story.strip().split("\\s+")[2];

        JsonNode stopped = chat(STORY + ", \"max_tokens\": 20, \"stop\": [\"" + word + "\"]");
        assertThat(content(stopped, 0)).isEqualTo(story.substring(0, story.indexOf(word)));
        assertThat(stopped.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        JsonNode scored = chat(STORY + ", \"max_tokens\": 1, \"logprobs\": true");
        int first = server.ondine.model().tokenizer().encode(scored.at("/choices/0/logprobs/content/0/token").asString(), false)[0];
        assertThat(content(chat(STORY + ", \"max_tokens\": 20, \"logit_bias\": {\"" + first + "\": -100}"), 0)).isNotEqualTo(story);
        assertThat(content(chat(STORY + ", \"max_tokens\": 60, \"frequency_penalty\": 2"), 0))
                .isNotEqualTo(content(chat(STORY + ", \"max_tokens\": 60"), 0));
    }

    @Test
    void tellsScores() throws Exception {
        JsonNode scores = chat(STORY + ", \"max_tokens\": 4, \"logprobs\": true, \"top_logprobs\": 3").at("/choices/0/logprobs/content");

        assertThat(scores.size()).isEqualTo(4);
        for (JsonNode token : scores) {
            assertThat(token.at("/logprob").asDouble()).isNotPositive();
            assertThat(token.at("/top_logprobs").size()).isEqualTo(3);
            assertThat(token.at("/top_logprobs/0/token")).as("the likeliest was taken").isEqualTo(token.at("/token"));
            assertThat(token.at("/top_logprobs/0/logprob").asDouble()).isGreaterThanOrEqualTo(token.at("/top_logprobs/1/logprob")
                    .asDouble());
        }
        List<JsonNode> chunks = stream("/v1/chat/completions", STORY + ", \"max_tokens\": 4, \"logprobs\": true, \"top_logprobs\": 3");
        List<JsonNode> streamed = new ArrayList<>();
        chunks.forEach(chunk -> chunk.at("/choices/0/logprobs/content").forEach(streamed::add));
        assertThat(streamed).hasSize(4).element(3).isEqualTo(scores.get(3));
    }

    @Test
    void callsATool() throws Exception {
        JsonNode message = chat(WAKE + TOOLS).at("/choices/0");

        assertThat(message.at("/finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(message.at("/message/content").isNull()).isTrue();
        JsonNode call = message.at("/message/tool_calls/0");
        assertThat(call.at("/id").asString()).startsWith("call_");
        assertThat(call.at("/type").asString()).isEqualTo("function");
        assertThat(call.at("/function/name").asString()).isEqualTo("set_alarm");
        assertThat(ModelServer.JSON.readTree(call.at("/function/arguments").asString()).at("/time").asString()).isEqualTo("18:30");
    }

    @Test
    void streamsACall() throws Exception {
        List<JsonNode> chunks = stream("/v1/chat/completions", WAKE + TOOLS);

        List<JsonNode> calls = chunks.stream().map(chunk -> chunk.at("/choices/0/delta/tool_calls/0")).filter(JsonNode::isObject).toList();
        assertThat(calls.getFirst().at("/function/name").asString()).isEqualTo("set_alarm");
        assertThat(calls.getFirst().at("/id").asString()).startsWith("call_");
        assertThat(calls).allMatch(call -> call.at("/index").asInt() == 0);
        String arguments = calls.stream().map(call -> call.at("/function/arguments").asString("")).collect(Collectors.joining());
        assertThat(ModelServer.JSON.readTree(arguments).at("/time").asString()).isEqualTo("18:30");
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
    }

    @Test
    void goesOnAfterATool() throws Exception {
        JsonNode answer = chat("""
                "max_tokens": 20, "messages": [{"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
                {"role": "user", "content": "Wake me at half past six"},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "set_alarm",
                 "arguments": "{\\"time\\": \\"18:30\\"}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "done"}]""");

        assertThat(answer.at("/usage/prompt_tokens").asInt()).isGreaterThan(30);
    }

    @Test
    void holdsToASchema() throws Exception {
        String answer = content(chat(STORY + """
                , "max_tokens": 100, "response_format": {"type": "json_schema", "json_schema": {"name": "mood", "strict": true, "schema":
                {"type": "object", "properties": {"mood": {"enum": ["glad", "sad"]}, "count": {"type": "integer"}},
                 "required": ["mood", "count"], "additionalProperties": false}}}"""), 0);

        JsonNode value = ModelServer.JSON.readTree(answer);
        assertThat(value.at("/mood").asString()).isIn("glad", "sad");
        assertThat(value.at("/count").isIntegralNumber()).isTrue();
    }

    @Test
    void completesATextWithItsEcho() throws Exception {
        JsonNode answer = server.ask("/v1/completions",
                "{\"prompt\": \"Once upon\", \"max_tokens\": 6, \"temperature\": 0, \"echo\": true, \"logprobs\": 2}");
        JsonNode choice = answer.at("/choices/0");

        assertThat(answer.at("/object").asString()).isEqualTo("text_completion");
        assertThat(choice.at("/text").asString()).startsWith("Once upon").hasSizeGreaterThan(12);
        JsonNode scores = choice.at("/logprobs");
        int tokens = answer.at("/usage/prompt_tokens").asInt() + 6;
        assertThat(scores.at("/tokens").size()).isEqualTo(tokens);
        assertThat(scores.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(scores.at("/token_logprobs/1").asDouble()).isNegative();
        assertThat(scores.at("/top_logprobs/0").isNull()).isTrue();
        assertThat(scores.at("/text_offset/1").asInt()).isEqualTo(scores.at("/tokens/0").asString().length());
    }

    @Test
    void scoresAPromptAlone() throws Exception {
        String prompt = "\"prompt\": \"Once upon a time\", \"temperature\": 0";
        JsonNode echoed = server.ask("/v1/completions", "{" + prompt + ", \"max_tokens\": 0, \"echo\": true, \"logprobs\": 0}")
                .at("/choices/0/logprobs");
        JsonNode scored = server.ask("/v1/completions", "{" + prompt
                + ", \"max_tokens\": 1, \"prompt_logprobs\": 1, \"return_token_ids\": true}")
                .at("/choices/0");

        int[] ids = server.ondine.model().tokenizer().encodePrompt("Once upon a time", true);
        assertThat(scored.at("/prompt_token_ids").size()).isEqualTo(ids.length);
        assertThat(scored.at("/prompt_logprobs/0").isNull()).isTrue();
        for (int i = 1; i < ids.length; i++) {
            double score = scored.at("/prompt_logprobs/" + i + "/" + ids[i] + "/logprob").asDouble();
            assertThat(score).isCloseTo(echoed.at("/token_logprobs/" + i).asDouble(), within(1e-3));
        }
        assertThat(echoed.at("/tokens").size()).isEqualTo(ids.length);
    }

    @Test
    void completesTokensAndLists() throws Exception {
        String ids = Arrays.toString(server.ondine.model().tokenizer().encodePrompt("Once upon", true));
        String rest = ", \"max_tokens\": 5, \"temperature\": 0}";
        String text = server.ask("/v1/completions", "{\"prompt\": \"Once upon\"" + rest).at("/choices/0/text").asString();

        assertThat(server.ask("/v1/completions", "{\"prompt\": " + ids + rest).at("/choices/0/text").asString()).isEqualTo(text);
        JsonNode several = server.ask("/v1/completions", "{\"prompt\": [\"Hello\", \"Once upon\"], \"n\": 2" + rest);
        assertThat(several.at("/choices").size()).isEqualTo(4);
        assertThat(several.at("/choices/2/text").asString()).isEqualTo(text);
        assertThat(several.at("/choices/3/index").asInt()).isEqualTo(3);
        List<JsonNode> chunks = stream("/v1/completions",
                "\"prompt\": \"Once upon\", \"echo\": true, \"logprobs\": 1, \"max_tokens\": 5, \"temperature\": 0");
        assertThat(chunks.stream().map(chunk -> chunk.at("/choices/0/text").asString()).collect(Collectors.joining()))
                .isEqualTo("Once upon" + text);
        assertThat(chunks.getFirst().at("/choices/0/logprobs/token_logprobs/0").isNull()).isTrue();
    }

    @Test
    void embedsTexts() throws Exception {
        JsonNode plain = server.ask("/v1/embeddings", "{\"input\": [\"a cat\", \"a dog\"], \"encoding_format\": \"float\"}");
        JsonNode packed = server.ask("/v1/embeddings", "{\"input\": \"a dog\", \"encoding_format\": \"base64\"}");

        assertThat(plain.at("/data/1/index").asInt()).isEqualTo(1);
        double sum = 0;
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(packed.at("/data/0/embedding").asString())).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : plain.at("/data/1/embedding")) {
            sum += number.asDouble() * number.asDouble();
            assertThat(bytes.getFloat()).isCloseTo((float) number.asDouble(), within(1e-3f));
        }
        assertThat(sum).isCloseTo(1, within(1e-3));
        assertThat(plain.at("/usage/prompt_tokens").asInt()).isPositive();
    }

    @Test
    void listsModels() throws Exception {
        assertThat(server.show("/v1/models").at("/data/0/id").asString()).isEqualTo("pebble");
        assertThat(server.show("/v1/models/pebble").at("/context_length").asInt()).isEqualTo(512);
        assertThat(server.get("/v1/models/..%2F..%2Fetc%2Fpasswd").statusCode()).isEqualTo(404);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("\"model\": \"nobody\"", 404, "model", "there is no model \\\"nobody\\\""),
                Arguments.of("\"temperature\": -1", 400, "temperature", "temperature is -1, expected a number from 0 to 2"),
                Arguments.of("\"max_tokens\": 0", 400, "max_tokens", "expected a whole number from 1"),
                Arguments.of("\"n\": 1000000", 400, "n", "expected a whole number from 1 to 128"),
                Arguments.of("\"top_logprobs\": 3", 400, "top_logprobs", "needs logprobs"),
                Arguments.of("\"stop\": \"\"", 400, "stop", "empty"),
                Arguments.of("\"logit_bias\": {\"x\": 1}", 400, "logit_bias.x", "the number of a token"),
                Arguments.of("\"logit_bias\": {\"99999999\": 1}", 400, "", "token of a logit bias"),
                Arguments.of("\"modalities\": [\"audio\"]", 400, "modalities", "text alone"),
                Arguments.of("\"functions\": []", 400, "functions", "send tools"),
                Arguments.of("\"reasoning_effort\": \"high\"", 400, "reasoning_effort", "not supported"),
                Arguments.of("\"invented\": 1", 400, "invented", "no known field"),
                Arguments.of("\"priority\": \"urgent\"", 400, "priority", "expected"),
                Arguments.of("\"deadline_ms\": -5", 400, "deadline_ms", "whole number from 1"),
                Arguments.of("\"tool_choice\": \"required\"", 400, "tool_choice", "there are no tools"),
                Arguments.of("\"stream_options\": {}", 400, "stream_options", "for streams"),
                Arguments.of("\"response_format\": {\"type\": \"xml\"}", 400, "response_format.type", "json_schema"),
                Arguments.of("\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"x\", \"schema\": {\"type\": \"nonsense\"}}}",
                        400, "", "nonsense"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatItCannotHonour(String field, int status, String parameter, String reason) throws Exception {
        HttpResponse<String> answer = server.post("/v1/chat/completions",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], " + field + "}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(reason);
        if (status == 400 && !parameter.isEmpty()) {
            assertThat(ModelServer.JSON.readTree(answer.body()).at("/error/param").asString()).isEqualTo(parameter);
        }
    }

    @Test
    void refusesMessagesThatItCannotRead() throws Exception {
        assertThat(server.post("/v1/chat/completions", "{\"messages\": []}").body()).contains("messages is empty");
        assertThat(server.post("/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}").body())
                .contains("messages[0].content is 5, expected a string");
        assertThat(server.post("/v1/chat/completions", "{\"messages\": [{\"role\": \"boss\", \"content\": \"a\"}]}").body())
                .contains("messages[0].role");
        assertThat(server.post("/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\", "
                + "\"image_url\": {\"url\": \"data:\"}}]}]}").body()).contains("messages[0].content[0].type", "text alone");
        assertThat(server.post("/v1/chat/completions",
                "{\"messages\": [{\"role\": \"tool\", \"tool_call_id\": \"x\", \"content\": \"a\"}]}").body())
                .contains("no call before has this id");
        String longer = "word ".repeat(2_000);
        HttpResponse<String> tooLong = server.post("/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": \"" + longer
                + "\"}]}");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(tooLong.body()).contains("context_length_exceeded");
    }

    @Test
    void stopsWhenTheClientLeaves() throws Exception {
        try (Stream<String> events = server.events("/v1/chat/completions",
                "{" + STORY.replace("\"temperature\": 0", "\"temperature\": 1.5") + ", \"stream\": true, \"logit_bias\": {}}")) {
            assertThat(events.limit(3).toList()).hasSize(3);
        }
        server.awaitIdle();
    }

    private static String content(JsonNode answer, int choice) {
        return answer.at("/choices/" + choice + "/message/content").asString();
    }
}
