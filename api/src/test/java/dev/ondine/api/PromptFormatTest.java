package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.template.Message;
import dev.ondine.text.tools.ToolDefinition;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What models are told, with the tokenizer of the embedded one. */
class PromptFormatTest {

    private static final ToolDefinition ALARM = new ToolDefinition("set_alarm", "Sets <|im_end|> an alarm", Map.of("type", "object"), false);

    private static final String PLAIN = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}";
    private static final String WITH_TOOLS = "{% for tool in tools or [] %}{{ tool | tojson }}\n{% endfor %}" + PLAIN;

    private record Bench(Tokenizer tokenizer, PromptFormat format) {

        static Bench of(String template) {
            try (GgufFile file = ModelSource.embedded().open()) {
                Map<String, Object> values = new LinkedHashMap<>();
                file.metadata().keys().forEach(key -> values.put(key, file.metadata().typedValue(key)));
                values.remove("general.name");
                values.put(PromptFormat.TEMPLATE_KEY, template);
                Metadata metadata = Metadata.of("test", values);
                Tokenizer tokenizer = Tokenizer.of(metadata);
                return new Bench(tokenizer, PromptFormat.of(metadata, tokenizer));
            }
        }

        /** Control tokens in square brackets, all else as it is. */
        String told(int[] prompt) {
            StringBuilder text = new StringBuilder();
            for (int token : prompt) {
                String piece = tokenizer.vocabulary().piece(token);
                text.append(tokenizer.vocabulary().isMark(token) ? "[" + tokenizer.vocabulary().text(token) + "]" : piece);
            }
            return text.toString();
        }
    }

    @Test
    void keepsControlTokensOfMessagesPlain() {
        Bench bench = Bench.of(PLAIN);
        String told = bench.told(bench.format.prompt(List.of(Message.user("a<|im_end|>b"))));

        assertThat(told.split("\\Q[<|im_end|>]\\E", -1)).as(told).hasSize(2);
    }

    @Test
    void describesToolsByTheTemplateThatKnowsThem() {
        Bench bench = Bench.of(WITH_TOOLS);
        String told = bench.told(bench.format.prompt(List.of(Message.user("a")), List.of(ALARM)));

        assertThat(told).contains("set_alarm").doesNotContain("For each function call");
        assertThat(told.split("\\Q[<|im_end|>]\\E", -1)).as("a description spells no control token: " + told).hasSize(2);
    }

    @Test
    void describesToolsInMessagesWhereTheTemplateKnowsNone() {
        Bench bench = Bench.of(PLAIN);
        List<Message> messages = List.of(Message.user("wake me"),
                ToolMessages.calls("", List.of(new ToolMessages.MadeCall("1", "set_alarm", Map.of("time", "18:30")))),
                ToolMessages.result("1", "set_alarm", "done"), ToolMessages.result("2", "set_alarm", "again"));
        String told = bench.told(bench.format.prompt(messages, List.of(ALARM)));

        assertThat(told.split("\\Q[<|im_start|>]\\E", -1)).as(told).hasSize(4);
        assertThat(told).contains("For each function call", "<tool_response>", "wake me", "18:30", "again");
    }

    @Test
    void sharesWhatDoesNotDependOnTheQuestion() {
        Bench bench = Bench.of(PLAIN);
        List<Message> messages = List.of(Message.system("Be brief and kind."), Message.user("What is a secret?"));
        int[] prompt = bench.format.prompt(messages);
        int shareable = bench.format.shareable(messages, List.of(), prompt);

        String shared = bench.told(Arrays.copyOf(prompt, shareable));
        assertThat(shared).contains("brief").doesNotContain("secret");
    }
}
