package dev.ondine.text.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.testkit.SharedFiles;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarMatcher;
import dev.ondine.text.grammar.GrammarPart;
import dev.ondine.text.grammar.RandomWriter;
import dev.ondine.text.grammar.TestVocabularies;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class ToolCallFormatTest {

    private static final Map<String, Object> TIME = Map.of("type", "object", "properties",
            Map.of("time", Map.of("type", "string", "pattern", "^\\d\\d:\\d\\d$")), "required", List.of("time"),
            "additionalProperties", false);
    private static final ToolDefinition ALARM = new ToolDefinition("set_alarm", "Sets an alarm", TIME, true);
    private static final ToolDefinition LOOSE = new ToolDefinition("note", "", Map.of("not", "even a schema"), false);
    private static final List<ToolDefinition> TOOLS = List.of(ALARM, LOOSE);
    private static final Set<String> NAMES = Set.of("set_alarm", "note");
    private static final JsonMapper JSON = new JsonMapper();

    private final Tokenizer tokenizer = TestVocabularies.bytes();

    @ParameterizedTest
    @CsvSource({"HuggingFaceTB-SmolLM3-3B, HERMES", "NousResearch-Hermes-3-Llama-3.1-8B-tool_use, HERMES", 
        "Qwen-Qwen2.5-7B-Instruct, HERMES", "Qwen-Qwen3-0.6B, HERMES", "meta-llama-Llama-3.1-8B-Instruct, LLAMA3",
        "meta-llama-Llama-3.2-3B-Instruct, LLAMA3",
        "mistralai-Mistral-Nemo-Instruct-2407, MISTRAL", "Mistral-Small-3.2-24B-Instruct-2506, MISTRAL_NAMED",
        "deepseek-ai-DeepSeek-V3.1, DEEPSEEK", "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B, DEEPSEEK_R1", "google-gemma-2-2b-it, HERMES"})
    void knowsPublishedTemplates(String template, ToolCallFormat format) throws IOException {
        assertThat(ToolCallFormat.of(Files.readString(SharedFiles.require("fixtures/templates/" + template + ".jinja")))).isEqualTo(format);
    }

    @Test
    void takesHermesWhereNothingIsSaid() {
        assertThat(ToolCallFormat.of(null)).isEqualTo(ToolCallFormat.HERMES);
        assertThat(ToolCallFormat.of("{{ messages }}")).isEqualTo(ToolCallFormat.HERMES);
        assertThat(ToolCallFormat.of("<|tool_call|>")).isEqualTo(ToolCallFormat.GRANITE);
        assertThat(ToolCallFormat.of("<|tool_call|><|/tool_call|>")).isEqualTo(ToolCallFormat.PHI4);
    }

    @ParameterizedTest
    @EnumSource(ToolCallFormat.class)
    void requiredCallsAreCallsAndNothingElse(ToolCallFormat format) {
        Set<Integer> counts = new HashSet<>();
        RandomWriter writer = new RandomWriter(tokenizer, 1);
        Grammar grammar = format.grammar(TOOLS, ToolChoice.required()).orElseThrow();
        Grammar named = format.grammar(TOOLS, ToolChoice.named("set_alarm")).orElseThrow();
        int ended = 0;
        for (int count = 0; count < 60; count++) {
            String text = writer.write(grammar, format.marks());
            if (text != null) {
                counts.add(calls(format, text));
                ended++;
            }
            assertThat(calls(format, writer.write(named, format.marks()))).isEqualTo(1);
        }
        assertThat(counts).doesNotContain(0);
        assertThat(ended).isGreaterThan(50);
    }

    /** How many calls there are, each of which is as its tool wants it. */
    private static int calls(ToolCallFormat format, String text) {
        ToolReply reply = ToolCallParser.parse(format, NAMES, text);
        assertThat(reply.text()).as(text).isBlank();
        for (ToolReply.Call call : reply.calls()) {
            assertThat(JSON.readTree(call.arguments()).isObject()).isTrue();
            if (call.name().equals("set_alarm")) {
                assertThat(JSON.readTree(call.arguments()).get("time").asString()).matches("\\d\\d:\\d\\d");
            }
        }
        return reply.calls().size();
    }

    @ParameterizedTest
    @EnumSource(ToolCallFormat.class)
    void freeTextIsFreeUntilACallBegins(ToolCallFormat format) {
        Grammar grammar = format.grammar(TOOLS, ToolChoice.auto()).orElseThrow();
        GrammarMatcher matcher = grammar.matcher();
        assertThat(matcher.accept("Well, 1 < 2 [TOOL")).isTrue();
        assertThat(matcher.isComplete()).isTrue();
        GrammarMatcher caller = grammar.matcher();
        String call = call(format, "set_alarm", "{\"time\": \"18:30\"}");
        for (int at = 0; at < call.length(); at++) {
            assertThat(caller.accept(call.substring(at, at + 1))).as("%s at %d", call, at).isTrue();
        }
        assertThat(caller.isComplete()).isTrue();
        assertThat(grammar.matcher().accept(call(format, "other", "{}"))).isFalse();
        assertThat(grammar.matcher().accept(call(format, "set_alarm", "{\"time\": \"x\"}"))).isFalse();
        assertThat(grammar.matcher().accept(call(format, "note", "{\"any\": [1]}"))).isTrue();
    }

    private static String call(ToolCallFormat format, String name, String arguments) {
        CallSyntax syntax = format.syntax();
        String object = "{\"name\": \"%s\", \"%s\": %s}".formatted(name, syntax.argumentsKey(), arguments);
        String closing = syntax.closing() == null ? "" : syntax.closing();
        return switch (syntax.kind()) {
            case BARE_OBJECT -> object;
            case OBJECT -> "Ok." + syntax.opening() + "\n" + object + "\n" + closing;
            case LIST -> "Ok." + syntax.opening() + "[" + object + "]" + closing;
            case NAMED -> "Ok." + syntax.opening() + syntax.header().before() + name + syntax.header().between() + arguments
                    + syntax.header().after() + closing;
        };
    }

    @ParameterizedTest
    @EnumSource(ToolCallFormat.class)
    void freeAnswersHoldNoWrongCall(ToolCallFormat format) {
        RandomWriter writer = new RandomWriter(tokenizer, 2);
        Grammar grammar = format.grammar(List.of(ALARM), ToolChoice.auto()).orElseThrow();
        int calls = 0;
        for (int count = 0; count < 150; count++) {
            String text = writer.write(grammar, format.marks());
            if (text != null) {
                for (ToolReply.Call call : ToolCallParser.parse(format, Set.of(), text).calls()) {
                    assertThat(call.name()).isEqualTo("set_alarm");
                    assertThat(JSON.readTree(call.arguments()).get("time").asString()).matches("\\d\\d:\\d\\d");
                    calls++;
                }
            }
        }
        // Without a mark, few random texts happen to be a call.
        assertThat(calls).isGreaterThanOrEqualTo(format == ToolCallFormat.LLAMA3 ? 0 : 5);
    }

    @Test
    void oneCallStaysOne() {
        GrammarMatcher matcher = ToolCallFormat.HERMES.grammar(TOOLS, ToolChoice.auto().oneCall()).orElseThrow().matcher();
        assertThat(matcher.accept(call(ToolCallFormat.HERMES, "note", "{}") + " Done. ")).isTrue();
        assertThat(matcher.accept("<tool_call>")).isFalse();
        assertThat(matcher.isComplete()).isTrue();
    }

    @Test
    void reasoningMayComeBeforeARequiredCall() {
        GrammarPart call = ToolCallFormat.HERMES.part(TOOLS, ToolChoice.named("note")).orElseThrow();
        Grammar grammar = Grammar.of(GrammarPart.sequence(GrammarPart.reasoning("<think>", "</think>"), call));
        GrammarMatcher matcher = grammar.matcher();
        assertThat(matcher.accept("<think>\nI could <tool_call> </thi")).isTrue();
        assertThat(matcher.isComplete()).isFalse();
        assertThat(matcher.accept("nk>\n" + call(ToolCallFormat.HERMES, "note", "{}").substring(3))).isTrue();
        assertThat(matcher.isComplete()).isTrue();
        assertThat(grammar.matcher().accept("I")).isFalse();
        assertThat(grammar.matcher().accept("<tool_call>")).isTrue();
    }

    @Test
    void nothingHoldsTheModelWhereNothingIsAsked() {
        assertThat(ToolCallFormat.HERMES.grammar(TOOLS, ToolChoice.none())).isEqualTo(Optional.empty());
        assertThat(ToolCallFormat.HERMES.grammar(List.of(LOOSE), ToolChoice.auto())).isEqualTo(Optional.empty());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> ToolCallFormat.HERMES.grammar(TOOLS, ToolChoice.named("x")))
                .withMessageContaining("no such tool; found [set_alarm, note]");
        assertThatIllegalArgumentException().isThrownBy(() -> ToolCallFormat.HERMES.grammar(List.of(ALARM, ALARM), ToolChoice.auto()))
                .withMessageContaining("two tools have the name set_alarm");
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolDefinition("a b", "", Map.of(), false))
                .withMessageContaining("the tool's name is 'a b'");
        ToolDefinition bad = new ToolDefinition("bad", "", Map.of("type", "object", "not", Map.of()), true);
        assertThatIllegalArgumentException().isThrownBy(() -> ToolCallFormat.HERMES.grammar(List.of(bad), ToolChoice.auto()))
                .withMessageContaining("tool bad").withMessageContaining("the keyword 'not' is not supported");
    }
}
