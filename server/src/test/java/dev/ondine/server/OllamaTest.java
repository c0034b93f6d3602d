package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.FrontServer.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OllamaTest {

    private static final String STORY = """
            "model": "pebble", "messages": [{"role": "user", "content": "Tell me a story."}],
            "options": {"temperature": 0, "num_predict": 6}""";

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
    void streamsLinesUnlessToldOtherwise() {
        JsonNode whole = server.ask("/api/chat", "{" + STORY + ", \"stream\": false}");
        List<JsonNode> lines = server.lines("/api/chat", "{" + STORY + "}");

        assertThat(lines.subList(0, lines.size() - 1)).allSatisfy(line -> {
            assertThat(line.propertyNames()).containsExactly("model", "created_at", "message", "done");
            assertThat(line.get("done").booleanValue()).isFalse();
            assertThat(line.at("/message/role").stringValue()).isEqualTo("assistant");
        });
        assertThat(String.join("", lines.stream().map(line -> line.at("/message/content").stringValue()).toList()))
                .isEqualTo(whole.at("/message/content").stringValue());
        JsonNode last = lines.getLast();
        assertThat(last.propertyNames()).containsExactly("model", "created_at", "message", "done", "done_reason", "total_duration",
                "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration");
        assertThat(last.get("done").booleanValue()).isTrue();
        assertThat(last.get("done_reason").stringValue()).isEqualTo("length");
        assertThat(last.get("eval_count").intValue()).isEqualTo(6);
        assertThat(last.get("total_duration").longValue()).isGreaterThanOrEqualTo(last.get("eval_duration").longValue()).isPositive();
    }

    @Test
    void goesOnAfterAContext() {
        String options = ", \"stream\": false, \"options\": {\"temperature\": 0, \"num_predict\": 6}";
        JsonNode first = server.ask("/api/generate", "{\"model\": \"pebble\", \"prompt\": \"Tell me a story.\"" + options + "}");
        JsonNode context = first.get("context");
        JsonNode second = server.ask("/api/generate",
                "{\"model\": \"pebble\", \"prompt\": \"Go on.\", \"context\": " + context + options + "}");

        assertThat(context).hasSize(first.get("prompt_eval_count").intValue() + 6);
        assertThat(second.get("context")).startsWith(context.values().toArray(new JsonNode[0]));
        assertThat(second.get("prompt_eval_count").intValue()).isGreaterThan(context.size());
    }

    @Test
    void answersRawPromptsWithoutATemplate() {
        JsonNode raw = server.ask("/api/generate", """
                {"model": "pebble", "raw": true, "stream": false, "options": {"temperature": 0},
                 "prompt": "<|im_start|>user\\nWake me at half past six<|im_end|>\\n<|im_start|>assistant\\n"}""");

        assertThat(raw.get("response").stringValue()).contains("set_alarm").contains("18:30");
        assertThat(raw.has("context")).isFalse();
        assertThat(raw.get("done_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void heldToJson() {
        JsonNode reply = server.ask("/api/generate", """
                {"model": "pebble", "prompt": "Tell me a story.", "stream": false, "options": {"temperature": 0, "num_predict": 100},
                 "format": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
                   "additionalProperties": false}}""");

        assertThat(reply.get("response").stringValue().replace(" ", "")).matches("(?s)\\s*\\{\\s*\"n\"\\s*:\\s*-?[0-9]+\\s*}\\s*");
    }

    @Test
    void shortensEmbeddingsOnRequest() {
        JsonNode whole = server.ask("/api/embed", "{\"model\": \"pebble\", \"input\": \"a cat\"}").at("/embeddings/0");
        JsonNode part = server.ask("/api/embed", "{\"model\": \"pebble\", \"input\": \"a cat\", \"dimensions\": 2}").at("/embeddings/0");
        double length = Math.hypot(whole.get(0).doubleValue(), whole.get(1).doubleValue());

        assertThat(whole).hasSize(256);
        assertThat(part).hasSize(2);
        assertThat(part.get(0).doubleValue()).isCloseTo(whole.get(0).doubleValue() / length, org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void cutsALongTextOnlyWhenTold() {
        String text = "a cat and a dog ".repeat(400);
        Reply refused = server.post("/api/embed", "{\"model\": \"pebble\", \"input\": \"" + text + "\"}");
        JsonNode cut = server.ask("/api/embed", "{\"model\": \"pebble\", \"truncate\": true, \"input\": \"" + text + "\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error").stringValue()).contains("context");
        assertThat(cut.get("prompt_eval_count").intValue()).isEqualTo(512);
    }

    @Test
    void takesResultsOfToolsInTheOrderOfTheirCalls() {
        String call = "{\"function\": {\"name\": \"weather\", \"arguments\": {\"place\": \"Oslo\"}}}";
        Reply right = server.post("/api/chat", """
                {"model": "pebble", "stream": false, "options": {"num_predict": 1}, "messages": [{"role": "user", "content": "Hi"},
                 {"role": "assistant", "content": "", "tool_calls": [%s, %s]}, {"role": "tool", "content": "sun"},
                 {"role": "tool", "content": "rain"}]}
                """.formatted(call, call));
        Reply wrong = server.post("/api/chat", """
                {"model": "pebble", "messages": [{"role": "user", "content": "Hi"}, {"role": "tool", "content": "sun"}]}""");

        assertThat(right.status()).as(right.body()).isEqualTo(200);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().get("error").stringValue()).contains("messages[1].tool_name is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            chat     | {"messages": []}                                                            | 400 | model is missing
            chat     | {"model": "nobody", "messages": []}                                         | 404 | there is no model "nobody"
            chat     | {"model": "/etc/passwd", "messages": []}                                    | 404 | there is no model
            chat     | {"model": "pebble", "messages": [{"role": "user", "images": ["aGk="]}]}     | 400 | messages[0].images is not supported
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "options": {"num_ctx": 4096}} | 400 | a context of 512
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "options": {"mirostat": 2}}   | 400 | options.mirostat
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "options": {"top_k": -1}}     | 400 | options.top_k is -1
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "options": {"speed": 1}}      | 400 | options.speed is no known field
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "think": true}                | 400 | think is not supported
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "format": "xml"}              | 400 | format is "xml"
            chat     | {"model": "pebble", "messages": [{"role": "user", "content": "a"}], "keep_alive": "soon"}         | 400 | keep_alive is "soon"
            generate | {"model": "pebble", "prompt": "a", "suffix": "b"}                           | 400 | suffix is not supported
            generate | {"model": "pebble", "prompt": "a", "template": "{{ .Prompt }}"}             | 400 | template is not supported
            generate | {"model": "pebble", "prompt": "a", "context": [99999999]}                   | 400 | 99999999
            generate | {"model": "pebble", "prompt": "a", "context": [1], "raw": true}             | 400 | raw is not supported together
            embed    | {"model": "pebble", "input": [1]}                                           | 400 | input[0] is 1
            show     | {"model": "nobody"}                                                         | 404 | there is no model
            pull     | {"model": "llama3"}                                                         | 501 | pull is not supported
            """)
    void refusesInOllamasShape(String name, String body, int status, String message) {
        Reply reply = server.post("/api/" + name, body);

        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().propertyNames()).containsExactly("error");
        assertThat(reply.json().get("error").stringValue()).contains(message);
    }
}
