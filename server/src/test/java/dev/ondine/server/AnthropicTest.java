package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.FrontServer.Reply;
import dev.ondine.server.FrontServer.SentEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AnthropicTest {

    private static final String STORY = "\"model\": \"pebble\", \"temperature\": 0, "
            + "\"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}]";
    private static final String WAKE = """
            "model": "pebble", "temperature": 0, "messages": [{"role": "user", "content": "Wake me at half past six"}],
            "tools": [{"name": "set_alarm", "description": "Sets an alarm", "input_schema": {"type": "object",
                "properties": {"time": {"type": "string"}}, "required": ["time"]}}]""";

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
    void answersWithAMessage() {
        JsonNode message = server.ask("/v1/messages", "{" + STORY + ", \"max_tokens\": 6}");

        assertThat(message.propertyNames()).containsExactly("id", "type", "role", "model", "content", "stop_reason",
                "stop_sequence", "usage");
        assertThat(message.get("id").stringValue()).matches("msg_[0-9a-f]{32}");
        assertThat(message.get("type").stringValue()).isEqualTo("message");
        assertThat(message.get("role").stringValue()).isEqualTo("assistant");
        assertThat(message.get("content")).hasSize(1);
        assertThat(message.at("/content/0/type").stringValue()).isEqualTo("text");
        assertThat(message.get("stop_reason").stringValue()).isEqualTo("max_tokens");
        assertThat(message.get("stop_sequence").isNull()).isTrue();
        assertThat(message.at("/usage/output_tokens").intValue()).isEqualTo(6);
    }

    @Test
    void streamsTextInThePrescribedOrder() {
        JsonNode whole = server.ask("/v1/messages", "{" + STORY + ", \"max_tokens\": 6}");
        List<SentEvent> events = server.events("/v1/messages", "{" + STORY + ", \"max_tokens\": 6, \"stream\": true}");

        assertThat(events).allSatisfy(event -> assertThat(event.data().get("type").stringValue()).isEqualTo(event.name()));
        assertThat(events.stream().map(SentEvent::name).distinct()).containsExactly("message_start", "content_block_start", "ping",
                "content_block_delta", "content_block_stop", "message_delta", "message_stop");
        JsonNode start = events.getFirst().data().get("message");
        assertThat(start.get("content")).isEmpty();
        assertThat(start.get("stop_reason").isNull()).isTrue();
        assertThat(start.at("/usage/input_tokens").intValue()).isPositive();
        assertThat(start.at("/usage/output_tokens").intValue()).isZero();
        assertThat(events.get(1).data())
                .hasToString("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
        assertThat(deltas(events, "text_delta", "text")).isEqualTo(whole.at("/content/0/text").stringValue());
        JsonNode end = events.get(events.size() - 2).data();
        assertThat(end.get("delta")).hasToString("{\"stop_reason\":\"max_tokens\",\"stop_sequence\":null}");
        assertThat(end.at("/usage/output_tokens").intValue()).isEqualTo(6);
        assertThat(events.getLast().data()).hasToString("{\"type\":\"message_stop\"}");
    }

    @Test
    void streamsACallAsABlockOfItsOwn() {
        List<SentEvent> events = server.events("/v1/messages", "{" + WAKE + ", \"max_tokens\": 100, \"stream\": true}");

        JsonNode block = events.get(1).data().get("content_block");
        assertThat(block.get("type").stringValue()).isEqualTo("tool_use");
        assertThat(block.get("id").stringValue()).matches("toolu_[0-9a-f]{32}");
        assertThat(block.get("name").stringValue()).isEqualTo("set_alarm");
        assertThat(block.get("input")).hasToString("{}");
        assertThat(deltas(events, "input_json_delta", "partial_json").replace(" ", "")).isEqualTo("{\"time\":\"18:30\"}");
        assertThat(events.get(events.size() - 2).data().at("/delta/stop_reason").stringValue()).isEqualTo("tool_use");
    }

    @Test
    void showsACallThatWasCutOffAsText() {
        String request = WAKE + ", \"max_tokens\": 8";
        JsonNode whole = server.ask("/v1/messages", "{" + request + "}");
        List<SentEvent> events = server.events("/v1/messages", "{" + request + ", \"stream\": true}");

        assertThat(whole.at("/content/0/type").stringValue()).isEqualTo("text");
        assertThat(whole.get("stop_reason").stringValue()).isEqualTo("max_tokens");
        assertThat(deltas(events, "text_delta", "text")).isEqualTo(whole.at("/content/0/text").stringValue());
    }

    @Test
    void endsBeforeAStopSequence() {
        String text = server.ask("/v1/messages", "{" + STORY + ", \"max_tokens\": 20}").at("/content/0/text").stringValue();
        String second = text.split(" ")[2];
        JsonNode message = server.ask("/v1/messages",
                "{" + STORY + ", \"max_tokens\": 20, \"stop_sequences\": [\"never\", \"" + second + "\"]}");

        assertThat(message.get("stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(message.get("stop_sequence").stringValue()).isEqualTo(second);
        assertThat(message.at("/content/0/text").stringValue()).isEqualTo(text.substring(0, text.indexOf(second)));
    }

    @Test
    void countsWhatIsRead() {
        int count = server.ask("/v1/messages/count_tokens", "{" + WAKE + "}").get("input_tokens").intValue();
        JsonNode usage = server.ask("/v1/messages", "{" + WAKE + ", \"max_tokens\": 1}").get("usage");

        assertThat(usage.get("input_tokens").intValue() + usage.get("cache_read_input_tokens").intValue()).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model": "pebble", "messages": [{"role": "user", "content": "Hi"}]}                                    | 400 | max_tokens is missing
            {"model": "pebble", "max_tokens": 5}                                                                    | 400 | messages is missing
            {"model": "pebble", "max_tokens": 5, "messages": []}                                                    | 400 | messages is empty
            {"model": "pebble", "max_tokens": -1, "messages": [{"role": "user", "content": "Hi"}]}                  | 400 | max_tokens is -1
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "robot", "content": "Hi"}]}                  | 400 | messages[0].role is "robot"
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": 7}]}                      | 400 | messages[0].content is 7
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "image"}]}]}    | 400 | "image" is not supported
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x"}]}]} | 400 | no call before
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Oh"}]} | 400 | the last message
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "temperature": 2} | 400 | temperature is 2
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "thinking": {"type": "enabled", "budget_tokens": 9}} | 400 | thinking.type
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "tool_choice": {"type": "any"}} | 400 | there are no tools
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "stop_sequences": [""]} | 400 | stop_sequences[0]
            {"model": "pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "mcp_servers": [1]} | 400 | mcp_servers
            {"model": "../pebble", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}                | 404 | there is no model
            [1]                                                                                                     | 400 | expected an object
            """)
    void refusesWhatItCannotHonour(String body, int status, String message) {
        Reply reply = server.post("/v1/messages", body);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().get("type").stringValue()).isEqualTo("error");
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo(status == 404 ? "not_found_error" : "invalid_request_error");
        assertThat(reply.json().at("/error/message").stringValue()).contains(message);
    }

    private static String deltas(List<SentEvent> events, String type, String field) {
        List<String> pieces = new ArrayList<>();
        for (SentEvent event : events) {
            if (event.name().equals("content_block_delta") && event.data().at("/delta/type").stringValue().equals(type)) {
                pieces.add(event.data().get("delta").get(field).stringValue());
            }
        }
        return String.join("", pieces);
    }
}
