package dev.ondine.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.server.json.JsonText;
import dev.ondine.text.template.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnthropicTurnsTest {

    @Test
    void makesTurnsOfBlocks() {
        List<Message> turns = AnthropicTurns.of(JsonText.object("""
                {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Be kind."}],
                 "messages": [
                  {"role": "user", "content": "Wake me"},
                  {"role": "user", "content": [{"type": "text", "text": "at six"}]},
                  {"role": "assistant", "content": [{"type": "text", "text": "Well"},
                    {"type": "tool_use", "id": "t1", "name": "set_alarm", "input": {"time": "06:00", "days": [1, 2]}}]},
                  {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [{"type": "text", "text": "no clock"}]},
                    {"type": "text", "text": "Try again"}]}]}
                """.getBytes(StandardCharsets.UTF_8)));

        assertThat(turns).hasSize(5);
        assertThat(turns.get(0)).isEqualTo(Message.system("Be brief.\nBe kind."));
        assertThat(turns.get(1)).isEqualTo(Message.user("Wake me\nat six"));
        assertThat(turns.get(2).fields()).isEqualTo(Map.of("role", "assistant", "content", "Well", "tool_calls",
                List.of(Map.of("type", "function", "id", "t1", "function",
                        Map.of("name", "set_alarm", "arguments", Map.of("time", "06:00", "days", List.of(1, 2)))))));
        assertThat(turns.get(3).fields()).isEqualTo(Map.of("role", "tool", "tool_call_id", "t1", "name", "set_alarm", "content", "Error: no clock"));
        assertThat(turns.get(4)).isEqualTo(Message.user("Try again"));
    }
}
