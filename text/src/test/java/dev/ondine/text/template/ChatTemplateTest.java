package dev.ondine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-15T09:30:00Z"), ZoneOffset.UTC);
    private static final Conversation HELLO = Conversation.of(List.of(Message.system("Be kind."), Message.user("Hi")));

    @Test
    void aModelWithoutATemplateGetsChatMl() {
        ChatTemplate template = ChatTemplate.of(null, "<s>", "</s>");
        assertThat(template.isDefault()).isTrue();
        assertThat(template.render(HELLO, CLOCK)).isEqualTo(
                "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(template.render(HELLO.withGenerationPrompt(false), CLOCK)).endsWith("Hi<|im_end|>\n");
        assertThat(template.render(Conversation.of(List.of(new Message("assistant", null))), CLOCK))
                .startsWith("<|im_start|>assistant\n<|im_end|>\n");
    }

    @Test
    void aModelsOwnTemplateIsUsed() {
        ChatTemplate template = ChatTemplate.of("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m['content'] }}{{ eos_token }}{% endfor %}", "<s>", "</s>");
        assertThat(template.isDefault()).isFalse();
        assertThat(template.render(HELLO, CLOCK)).isEqualTo("<s>[system]Be kind.</s>[user]Hi</s>");
    }

    @Test
    void toolsAndDocumentsAreNoneWhenNotGiven() {
        ChatTemplate template = ChatTemplate.of("{{ tools is defined and tools is none }} {{ documents is none }} {{ documents is defined }}", null, null);
        assertThat(template.render(HELLO, CLOCK)).isEqualTo("True True True");
    }

    @Test
    void tokensThatTheModelLacksAreUndefined() {
        assertThat(ChatTemplate.of("{{ bos_token is defined }}{{ eos_token }}", null, null).render(HELLO, CLOCK)).isEqualTo("False");
    }

    @Test
    void variablesReachTheTemplateAndWin() {
        ChatTemplate template = ChatTemplate.of("{{ enable_thinking }} {{ bos_token }}", "<s>", "</s>");
        assertThat(template.render(HELLO.withVariables(Map.of("enable_thinking", false, "bos_token", "B")), CLOCK)).isEqualTo("False B");
    }

    @Test
    void messagesCarryWhatTheirFieldsHold() {
        Message call = new Message(Map.of("role", "assistant", "tool_calls", List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of("n", 2))))));
        ChatTemplate template = ChatTemplate.of("{{ messages[0].tool_calls[0].function | tojson(sort_keys=true) }}{{ messages[0].content is defined }}", null, null);
        assertThat(template.render(Conversation.of(List.of(call)), CLOCK)).isEqualTo("{\"arguments\": {\"n\": 2}, \"name\": \"f\"}False");
    }

    @Test
    void toolsAreGivenAsTheyAre() {
        ChatTemplate template = ChatTemplate.of("{{ tools | tojson }}", null, null);
        assertThat(template.render(HELLO.withTools(List.of(Map.of("type", "function"))), CLOCK)).isEqualTo("[{\"type\": \"function\"}]");
    }

    @Test
    void theClockIsTheCallers() {
        assertThat(ChatTemplate.of("{{ strftime_now('%d %b %Y') }}", null, null).render(HELLO, CLOCK)).isEqualTo("15 Jan 2026");
    }

    @Test
    void aBrokenTemplateIsRefusedBeforeAnyConversation() {
        assertThatThrownBy(() -> ChatTemplate.of("{% if %}", null, null)).isInstanceOf(TemplateException.class);
    }
}
