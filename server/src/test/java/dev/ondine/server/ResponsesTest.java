package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.FrontServer.Reply;
import dev.ondine.server.FrontServer.SentEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ResponsesTest {

    private static final String STORY = "\"model\": \"pebble\", \"temperature\": 0, \"max_output_tokens\": 6, "
            + "\"input\": \"Tell me a story.\"";
    private static final String WAKE = """
            "model": "pebble", "temperature": 0, "input": "Wake me at half past six", "tools": [{"type": "function", "name": "set_alarm",
                "parameters": {"type": "object", "properties": {"time": {"type": "string"}}, "required": ["time"],
                "additionalProperties": false}}]""";

    private static FrontServer server;

    @BeforeAll
    static void start() {
        server = new FrontServer();
    }

    @AfterAll
    static void stop() {
        server.close();
        assertThat(server.broken).isEmpty();
    }

    @Test
    void answersWithAResponse() {
        JsonNode response = server.ask("/v1/responses", "{" + STORY + ", \"metadata\": {\"a\": \"b\"}}");

        assertThat(response.get("id").stringValue()).matches("resp_[0-9a-f]{32}");
        assertThat(response.get("object").stringValue()).isEqualTo("response");
        assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(response.get("incomplete_details")).hasToString("{\"reason\":\"max_output_tokens\"}");
        assertThat(response.get("metadata")).hasToString("{\"a\":\"b\"}");
        assertThat(response.get("tool_choice").stringValue()).isEqualTo("auto");
        JsonNode item = response.at("/output/0");
        assertThat(item.propertyNames()).containsExactly("id", "type", "status", "role", "content");
        assertThat(item.at("/content/0").propertyNames()).containsExactly("type", "text", "annotations", "logprobs");
        assertThat(response.at("/usage/output_tokens").intValue()).isEqualTo(6);
        assertThat(response.at("/usage/input_tokens_details/cached_tokens").isInt()).isTrue();
        assertThat(response.at("/usage/output_tokens_details/reasoning_tokens").intValue()).isZero();
    }

    @Test
    void streamsTextInThePrescribedOrder() {
        List<SentEvent> events = server.events("/v1/responses", "{" + STORY + ", \"stream\": true}");

        assertThat(events).allSatisfy(event -> assertThat(event.data().get("type").stringValue()).isEqualTo(event.name()));
        assertThat(events.stream().map(event -> event.data().get("sequence_number").intValue()))
                .isEqualTo(IntStream.range(0, events.size()).boxed().toList());
        assertThat(events.stream().map(SentEvent::name).distinct()).containsExactly("response.created", "response.in_progress",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.incomplete");
        SentEvent delta = events.stream().filter(event -> event.name().equals("response.output_text.delta")).findFirst().orElseThrow();
        assertThat(delta.data().propertyNames()).containsExactly("type", "sequence_number", "item_id", "output_index",
                "content_index", "delta", "logprobs");
        JsonNode item = events.get(events.size() - 2).data().get("item");
        assertThat(events.getLast().data().at("/response/output/0")).isEqualTo(item);
        assertThat(delta.data().get("item_id")).isEqualTo(item.get("id"));
        assertThat(text(events, "response.output_text.delta")).isEqualTo(item.at("/content/0/text").stringValue());
    }

    @Test
    void streamsACallInThePrescribedOrder() {
        List<SentEvent> events = server.events("/v1/responses", "{" + WAKE + ", \"stream\": true}");

        assertThat(events.stream().map(SentEvent::name).distinct()).containsExactly("response.created", "response.in_progress",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "response.output_item.done", "response.completed");
        SentEvent done = events.stream().filter(event -> event.name().equals("response.function_call_arguments.done"))
                .findFirst().orElseThrow();
        assertThat(done.data().propertyNames()).containsExactly("type", "sequence_number", "item_id", "output_index", "arguments", "name");
        assertThat(text(events, "response.function_call_arguments.delta")).isEqualTo(done.data().get("arguments").stringValue());
        JsonNode item = events.getLast().data().at("/response/output/0");
        assertThat(item.propertyNames()).containsExactly("id", "type", "status", "call_id", "name", "arguments");
        assertThat(item.get("arguments").stringValue().replace(" ", "")).isEqualTo("{\"time\":\"18:30\"}");
        assertThat(item.get("call_id").stringValue()).startsWith("call_");
    }

    @Test
    void marksACallThatWasCutOff() {
        for (int most = 4; most < 14; most++) {
            JsonNode response = server.ask("/v1/responses", "{" + WAKE + ", \"max_output_tokens\": " + most + "}");
            assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
            assertThat(response.at("/output/0/status").stringValue()).as("the item after " + most + " tokens").isEqualTo("incomplete");
        }
    }

    @Test
    void goesOnAfterAResponse() {
        JsonNode first = server.ask("/v1/responses", "{" + WAKE + "}");
        String next = """
                {"model": "pebble", "temperature": 0, "max_output_tokens": 4, "previous_response_id": %s, "instructions": "Be brief.",
                 "input": [{"type": "function_call_output", "call_id": %s, "output": "done"}]}"""
                .formatted(first.get("id"), first.at("/output/0/call_id"));
        JsonNode second = server.ask("/v1/responses", next);
        Reply unknown = server.post("/v1/responses", "{" + STORY + ", \"previous_response_id\": \"resp_1\"}");

        assertThat(second.get("previous_response_id")).isEqualTo(first.get("id"));
        assertThat(second.at("/usage/input_tokens").intValue()).isGreaterThan(first.at("/usage/input_tokens").intValue());
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.json().at("/error/param").stringValue()).isEqualTo("previous_response_id");
    }

    @Test
    void listsInputInPages() {
        JsonNode made = server.ask("/v1/responses", """
                {"model": "pebble", "max_output_tokens": 1, "input": [{"role": "user", "content": "one"},
                 {"role": "assistant", "content": "two"},
                 {"role": "user", "content": "three"}]}""");
        String path = "/v1/responses/" + made.get("id").stringValue() + "/input_items";
        JsonNode first = server.get(path + "?order=asc&limit=2").json();
        JsonNode rest = server.get(path + "?order=asc&after=" + first.get("last_id").stringValue()).json();

        assertThat(first.get("has_more").booleanValue()).isTrue();
        assertThat(first.at("/data/0/content/0")).hasToString("{\"type\":\"input_text\",\"text\":\"one\"}");
        assertThat(first.at("/data/1/content/0/type").stringValue()).isEqualTo("output_text");
        assertThat(rest.get("data")).hasSize(1);
        assertThat(rest.at("/data/0/content/0/text").stringValue()).isEqualTo("three");
        assertThat(rest.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void countsTokensOfAnInput() {
        JsonNode count = server.ask("/v1/responses/input_tokens", "{" + WAKE + "}");
        JsonNode response = server.ask("/v1/responses", "{" + WAKE + "}");

        assertThat(count.get("object").stringValue()).isEqualTo("response.input_tokens");
        assertThat(count.get("input_tokens")).isEqualTo(response.at("/usage/input_tokens"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model": "pebble"}                                                                          | 400 | input is missing
            {"input": "Hi"}                                                                              | 400 | model is missing
            {"model": "nobody", "input": "Hi"}                                                           | 404 | there is no model
            {"model": "pebble", "input": []}                                                             | 400 | input is [], expected at least one message
            {"model": "pebble", "input": [{"type": "reasoning"}]}                                        | 400 | "reasoning" is not supported
            {"model": "pebble", "input": [{"role": "user", "content": [{"type": "input_image"}]}]}       | 400 | "input_image" is not supported
            {"model": "pebble", "input": [{"type": "function_call_output", "call_id": "x", "output": "y"}]} | 400 | no call before
            {"model": "pebble", "input": [{"type": "function_call", "call_id": "x", "name": "f", "arguments": "{"}]} | 400 | input[0].arguments is no valid JSON
            {"model": "pebble", "input": "Hi", "max_output_tokens": 0}                                   | 400 | max_output_tokens is 0
            {"model": "pebble", "input": "Hi", "truncation": "auto"}                                     | 400 | truncation is not supported
            {"model": "pebble", "input": "Hi", "background": true, "store": false}                       | 400 | background is not supported together
            {"model": "pebble", "input": "Hi", "conversation": "c"}                                      | 400 | conversation
            {"model": "pebble", "input": "Hi", "text": {"format": {"type": "json_schema", "schema": {"type": "what"}}}} | 400 | what
            {"model": "pebble", "input": "Hi", "tools": [{"type": "web_search"}]}                        | 400 | "web_search" is not supported
            {"model": "pebble", "input": "Hi", "tool_choice": {"type": "function", "name": "f"}}         | 400 | tool_choice asks for
            """)
    void refusesWhatItCannotHonour(String body, int status, String message) {
        Reply reply = server.post("/v1/responses", body);

        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().at("/error/message").stringValue()).contains(message);
    }

    private static String text(List<SentEvent> events, String type) {
        return String.join("", events.stream().filter(event -> event.name().equals(type))
                .map(event -> event.data().get("delta").stringValue()).toList());
    }
}
