package dev.ondine.text.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ToolCallParserTest {

    private static final Set<String> TOOLS = Set.of("f", "set_alarm");
    private static final String ALARM = "<tool_call>{\"name\": \"set_alarm\", \"arguments\": {\"time\": \"18:30\"}}</tool_call>";

    /** Texts with single quotes for double ones; what is expected is the text, = where it is all of it, then each call. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, value = {
            "HERMES ~ <tool_call>{'name':'f','arguments':{'a':1}}</tool_call> ~ ~ f{'a':1}",
            "HERMES ~ Well: <tool_call>#{'arguments': {'a': '}'}, 'name': 'f'}#</tool_call># ~Well:_~ f{'a': '}'}",
            "HERMES ~ <tool_call>{'name':'f','arguments':{}}</tool_call>#"
                + "<tool_call>{'name':'f','arguments':{'b':[{}]}}</tool_call> ~~ f{} f{'b':[{}]}",
            "HERMES ~ <tool_call>{'name':'f'}</tool_call> ~~ f{}",
            "HERMES ~ <tool_call>{'name':'f','arguments':{}} ~~ f{}",
            "HERMES ~ <tool_call>{'name':'f','arguments':{}}}</tool_call> ~}</tool_call>~ f{}",
            "HERMES ~ <tool_call>{'name':'f','arguments':{}}</tool_call>#Done. ~#Done.~ f{}",
            "HERMES ~ <tool_call>{'name':'g','arguments':{}}</tool_call> ~ = ~",
            "HERMES ~ <tool_call>{'name':'f','arguments':{'a':}}</tool_call> ~ = ~",
            "HERMES ~ <tool_call>{'name':'f','arguments':5}</tool_call> ~ = ~",
            "HERMES ~ <tool_call>{'name':7,'arguments':{}}</tool_call> ~ = ~",
            "HERMES ~ <tool_call>{'name':'f','arguments':{},'arguments':{}} ~ = ~",
            "HERMES ~ <tool_call>{'name':'f','arguments':{'a':'b ~ = ~",
            "HERMES ~ <tool_call><tool_call>{'name':'f','arguments':{}}</tool_call> ~<tool_call>~ f{}",
            "HERMES ~ 1 < 2, <tool>, <tool_cal ~ = ~",
            "HERMES ~ {'name':'f','arguments':{}} ~ = ~",
            "LLAMA3 ~ {'name':'f','parameters':{'a':{'b':'\\''}}} ~~ f{'a':{'b':'\\''}}",
            "LLAMA3 ~ #{'type':'function','name':'f','parameters':{}} ~~ f{}",
            "LLAMA3 ~ <|python_tag|>{'name':'f','parameters':{}}; {'name':'f','parameters':{'x':2}} ~~ f{} f{'x':2}",
            "LLAMA3 ~ <|python_tag|>f.call(x='1') ~ = ~",
            "LLAMA3 ~ {'name':'Bob','parameters':{}} ~ = ~",
            "LLAMA3 ~ {'name':'f'} ~ = ~",
            "LLAMA3 ~ Here: {'name':'f','parameters':{}} ~ = ~",
            "MISTRAL ~ [TOOL_CALLS][{'name':'f','arguments':{'a':1},'id':'abcdefghi'}, {'name':'f','arguments':{}}] ~~ f{'a':1} f{}",
            "MISTRAL ~ Ok. [TOOL_CALLS] [{'name':'f','arguments':{}}] ~Ok._~ f{}",
            "MISTRAL ~ [TOOL_CALLS] none ~ = ~",
            "MISTRAL_NAMED ~ [TOOL_CALLS]f[ARGS]{'a':1}[TOOL_CALLS]f[CALL_ID]123456789[ARGS]{} ~~ f{'a':1} f{}",
            "MISTRAL_NAMED ~ [TOOL_CALLS]f{'a':1} ~~ f{'a':1}",
            "MISTRAL_NAMED ~ [TOOL_CALLS]g[ARGS]{'a':1} ~ = ~",
            "GRANITE ~ <|tool_call|>[{'name':'f','arguments':{}}] ~~ f{}",
            "PHI4 ~ <|tool_call|>[{'name':'f','arguments':{}}]<|/tool_call|> ~~ f{}",
            "DEEPSEEK ~ a<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{'a':1}<｜tool▁call▁end｜>"
                + "<｜tool▁call▁begin｜>f<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
                + "<｜tool▁calls▁end｜>~a~ f{'a':1} f{}",
            "DEEPSEEK_R1 ~ <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f#```json#{'a':1}#```<｜tool▁call▁end｜>"
                + "<｜tool▁calls▁end｜>~~ f{'a':1}"})
    void takesCallsOutOfText(ToolCallFormat format, String text, String expectedText, String expectedCalls) {
        ToolReply reply = ToolCallParser.parse(format, TOOLS, quoted(text));
        assertThat(reply.text()).isEqualTo(expectedText == null ? "" : quoted(expectedText.equals("=") ? text : expectedText));
        assertThat(String.join(" ", reply.calls().stream().map(call -> call.name() + call.arguments()).toList()))
                .isEqualTo(expectedCalls == null ? "" : quoted(expectedCalls));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"').replace('#', '\n').replaceAll("_$", " ");
    }

    @Test
    void streamsArgumentsAsTheyCome() {
        ToolCallParser parser = new ToolCallParser(ToolCallFormat.HERMES, TOOLS);
        assertThat(parser.accept("Hi <tool")).containsExactly(new ToolEvent.Text("Hi "));
        assertThat(parser.accept("_call>\n{\"name\": \"set_alarm\", ")).isEmpty();
        assertThat(parser.accept("\"arguments\": {\"ti"))
                .containsExactly(new ToolEvent.CallStarted(0, "set_alarm"), new ToolEvent.Arguments(0, "{\"ti"));
        assertThat(parser.accept("me\": 1}")).containsExactly(new ToolEvent.Arguments(0, "me\": 1}"));
        assertThat(parser.accept("}\n</tool_")).containsExactly(new ToolEvent.CallEnded(0));
        assertThat(parser.accept("call>")).isEmpty();
        assertThat(parser.finish()).isEmpty();
    }

    @Test
    void saysSoWhenACallThatBeganIsNone() {
        ToolCallParser parser = new ToolCallParser(ToolCallFormat.HERMES, TOOLS);
        parser.accept("<tool_call>{\"name\": \"f\", \"arguments\": {\"a");
        assertThat(parser.finish()).containsExactly(new ToolEvent.CallBroken(0, "<tool_call>{\"name\": \"f\", \"arguments\": {\"a"));
    }

    @Test
    void understandsTheEmbeddedModel() {
        ToolReply reply = ToolCallParser.parse(ToolCallFormat.HERMES, Set.of(), ALARM);
        assertThat(reply).isEqualTo(new ToolReply("", List.of(new ToolReply.Call("set_alarm", "{\"time\": \"18:30\"}"))));
    }

    /** Text is cut anywhere, inside of characters too, and spoilt at random. */
    @ParameterizedTest
    @EnumSource(ToolCallFormat.class)
    void anyCutsGiveTheSame(ToolCallFormat format) {
        Random random = new Random(format.ordinal());
        int calls = 0;
        for (int count = 0; count < 1_500; count++) {
            String text = RandomReplies.next(format, random);
            ToolReply whole = ToolCallParser.parse(format, TOOLS, text);
            List<ToolEvent> events = new ArrayList<>();
            ToolCallParser parser = new ToolCallParser(format, TOOLS);
            for (int from = 0, to; from < text.length(); from = to) {
                to = Math.min(text.length(), from + 1 + random.nextInt(count % 2 == 0 ? 1 : 12));
                events.addAll(parser.accept(text.substring(from, to)));
            }
            events.addAll(parser.finish());
            assertThat(ToolReply.of(events)).as(text).isEqualTo(whole);
            if (whole.calls().isEmpty()) {
                assertThat(whole.text()).isEqualTo(text);
            }
            calls += whole.calls().size();
        }
        assertThat(calls).isGreaterThan(300);
    }
}
