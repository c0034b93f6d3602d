package dev.ondine.text.tools;

import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarPart;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How a family of models writes tool calls. */
public enum ToolCallFormat {

    /** Hermes, Qwen, SmolLM and others: {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}. */
    HERMES(new CallSyntax("<tool_call>", "</tool_call>", "arguments", CallSyntax.Kind.OBJECT, null)),

    /** Llama 3: the whole answer is {@code {"name": …, "parameters": {…}}}, maybe after {@code <|python_tag|>}. */
    LLAMA3(new CallSyntax("<|python_tag|>", null, "parameters", CallSyntax.Kind.BARE_OBJECT, null)),

    /** Mistral up to Nemo: {@code [TOOL_CALLS][{"name": …, "arguments": {…}}, …]}. */
    MISTRAL(new CallSyntax("[TOOL_CALLS]", null, "arguments", CallSyntax.Kind.LIST, null)),

    /** Later Mistral: {@code [TOOL_CALLS]name[ARGS]{…}}. */
    MISTRAL_NAMED(new CallSyntax("[TOOL_CALLS]", null, null, CallSyntax.Kind.NAMED,
            new CallSyntax.Header("", "[ARGS]", "", Pattern.compile("([\\w.:/-]+?)(?:\\[CALL_ID]\\w*)?(?:\\[ARGS])?\\s*")))),

    /** Granite 3: {@code <|tool_call|>[{"name": …, "arguments": {…}}, …]}. */
    GRANITE(new CallSyntax("<|tool_call|>", null, "arguments", CallSyntax.Kind.LIST, null)),

    /** Phi-4: {@code <|tool_call|>[{"name": …, "arguments": {…}}, …]<|/tool_call|>}. */
    PHI4(new CallSyntax("<|tool_call|>", "<|/tool_call|>", "arguments", CallSyntax.Kind.LIST, null)),

    /** DeepSeek V3.1: {@code <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>name<｜tool▁sep｜>{…}<｜tool▁call▁end｜>…<｜tool▁calls▁end｜>}. */
    DEEPSEEK(new CallSyntax("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", null, CallSyntax.Kind.NAMED,
            new CallSyntax.Header("<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", CallSyntax.DEEPSEEK_HEADER))),

    /** DeepSeek V3 and R1: as {@link #DEEPSEEK}, with {@code function<｜tool▁sep｜>name} and the arguments in a fenced code block. */
    DEEPSEEK_R1(new CallSyntax("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", null, CallSyntax.Kind.NAMED,
            new CallSyntax.Header("<｜tool▁call▁begin｜>function<｜tool▁sep｜>", "\n```json\n", "\n```<｜tool▁call▁end｜>",
                    CallSyntax.DEEPSEEK_HEADER)));

    private final CallSyntax syntax;

    ToolCallFormat(CallSyntax syntax) {
        this.syntax = syntax;
    }

    /**
     * The format that a chat template asks models for; {@link #HERMES} where it names none.
     *
     * @param chatTemplateSource null for none
     */
    public static ToolCallFormat of(String chatTemplateSource) {
        String source = chatTemplateSource == null ? "" : chatTemplateSource;
        if (source.contains("tool▁calls▁begin")) {
            return source.contains("```json") ? DEEPSEEK_R1 : DEEPSEEK;
        } else if (source.contains("[TOOL_CALLS]")) {
            return source.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
        } else if (source.contains("<|tool_call|>")) {
            return source.contains("<|/tool_call|>") ? PHI4 : GRANITE;
        } else if (source.contains("<tool_call>")) {
            return HERMES;
        }
        return source.contains("<|python_tag|>") || source.contains("<|start_header_id|>") ? LLAMA3 : HERMES;
    }

    CallSyntax syntax() {
        return syntax;
    }

    /**
     * The control tokens that belong to calls. A {@link dev.ondine.text.TextStream} must show them for {@link ToolCallParser} to see them.
     */
    public Set<String> marks() {
        return syntax.marks();
    }

    /**
     * The language of answers in which calls name a tool of these and have the arguments it asks for.
     *
     * @return empty where nothing holds the model: no call is wanted, or the choice is free and no tool is strict
     * @throws IllegalArgumentException if a call is asked for but there is no such tool, two tools have one name, or the schema of a
     *                                  strict tool is refused
     */
    public Optional<Grammar> grammar(List<ToolDefinition> tools, ToolChoice choice) {
        return part(tools, choice).map(Grammar::of);
    }

    /** The same as a part, to be put together with others, such as {@link GrammarPart#reasoning} before it. */
    public Optional<GrammarPart> part(List<ToolDefinition> tools, ToolChoice choice) {
        return new ToolGrammar(syntax, tools).of(choice);
    }

    /**
     * The language of answers that are calls, or else a text of some form: an agent's whose last word is JSON.
     *
     * @param text what an answer without a call is held to
     * @throws IllegalArgumentException as {@link #grammar(List, ToolChoice)} says, or if a schema in the text is refused
     */
    public Grammar grammar(List<ToolDefinition> tools, ToolChoice choice, GrammarPart text) {
        return Grammar.of(new ToolGrammar(syntax, tools).callsOr(text, choice));
    }
}
