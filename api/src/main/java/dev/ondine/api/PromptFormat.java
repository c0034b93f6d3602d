package dev.ondine.api;

import dev.ondine.files.Metadata;
import dev.ondine.pebble.Pebble;
import dev.ondine.text.Shield;
import dev.ondine.text.SpecialToken;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.Vocabulary;
import dev.ondine.text.template.ChatTemplate;
import dev.ondine.text.template.Conversation;
import dev.ondine.text.template.Message;
import dev.ondine.text.tools.ToolCallFormat;
import dev.ondine.text.tools.ToolDefinition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** How a model wants to be spoken to: messages to the tokens of a prompt, by the chat template of its file. */
public final class PromptFormat {

    static final String TEMPLATE_KEY = "tokenizer.chat_template";
    private static final String CHATML_END = "<|im_end|>";

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ToolCallFormat toolCalls;
    private final ToolKnowledge tools;
    private final boolean hasSystem;

    /** What a model and its template know of tools. */
    private enum ToolKnowledge {
        /** The template writes descriptions, calls and results. */
        OF_TEMPLATE,
        /** The template does not, so plain messages do. */
        OF_MESSAGES,
        /** The embedded model was trained on certain calls and reads no descriptions. */
        OF_TRAINING
    }

    private PromptFormat(Metadata metadata, Tokenizer tokenizer, ChatTemplate template) {
        String source = metadata.string(TEMPLATE_KEY, null);
        this.tokenizer = tokenizer;
        this.template = template;
        this.toolCalls = ToolCallFormat.of(source);
        this.tools = Pebble.NAME.equals(metadata.string("general.name", "")) ? ToolKnowledge.OF_TRAINING
                : source != null && source.contains("tools") ? ToolKnowledge.OF_TEMPLATE : ToolKnowledge.OF_MESSAGES;
        this.hasSystem = source == null || source.contains("system") && !source.contains("System role not supported");
    }

    /** The format of a model; ChatML for one whose file has no template. */
    public static PromptFormat of(Metadata metadata, Tokenizer tokenizer) {
        return new PromptFormat(metadata, tokenizer, template(metadata, tokenizer.vocabulary()));
    }

    /** Whether the model's file has no template of its own. */
    public boolean isDefault() {
        return template.isDefault();
    }

    /** How the model writes tool calls. */
    public ToolCallFormat toolCalls() {
        return toolCalls;
    }

    /** The chat template of a model, ChatML where its file has none. */
    public static ChatTemplate template(Metadata metadata, Vocabulary vocabulary) {
        return ChatTemplate.of(metadata.string(TEMPLATE_KEY, null),
                text(vocabulary, SpecialToken.BEGIN), text(vocabulary, SpecialToken.END));
    }

    private static String text(Vocabulary vocabulary, SpecialToken part) {
        OptionalInt token = vocabulary.special(part);
        return token.isPresent() ? vocabulary.text(token.getAsInt()) : null;
    }

    /** Strings that end an answer, beside the tokens that the file names. */
    public List<String> stops() {
        return template.isDefault() ? List.of(CHATML_END) : List.of();
    }

    /** The prompt that asks for an answer to these messages. Control tokens that they spell are plain text, unlike the template's. */
    public int[] prompt(List<Message> messages) {
        return prompt(messages, List.of());
    }

    /** The same with tools that the answer may call. */
    public int[] prompt(List<Message> messages, List<ToolDefinition> callable) {
        List<Map<String, Object>> functions = callable.stream().map(PromptFormat::fields).toList();
        return switch (tools) {
            case OF_TEMPLATE -> rendered(messages, functions);
            case OF_MESSAGES -> rendered(ToolInstructions.plain(messages, functions, hasSystem), List.of());
            case OF_TRAINING -> rendered(ToolInstructions.plain(messages, List.of(), hasSystem), List.of());
        };
    }

    private int[] rendered(List<Message> messages, List<Map<String, Object>> functions) {
        List<Map<String, ?>> fields = messages.stream().<Map<String, ?>>map(Message::fields).toList();
        List<String> texts = new ArrayList<>();
        collect(fields, texts);
        collect(functions, texts);
        Shield shield = Shield.of(tokenizer, texts);
        Conversation conversation = Conversation.of(fields.stream().map(message -> new Message(covered(message, shield))).toList());
        if (!functions.isEmpty()) {
            conversation = conversation.withTools(functions.stream().map(tool -> covered(tool, shield)).toList());
        }
        return withBegin(shield.encode(template.render(conversation, Clock.systemDefaultZone())));
    }

    /**
     * How many of the first tokens of a conversation's prompt hold nothing but its first message, the tools and the template: those that
     * a prompt with another question begins with as well.
     *
     * @param prompt of these messages
     */
    int shareable(List<Message> messages, List<ToolDefinition> tools, int[] prompt) {
        int[] other = prompt(List.of(messages.getFirst(), Message.user("")), tools);
        int common = 0;
        while (common < Math.min(prompt.length, other.length) && prompt[common] == other[common]) {
            common++;
        }
        return common;
    }

    private static Map<String, Object> fields(ToolDefinition tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put("parameters", tool.parameters());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "function");
        fields.put("function", function);
        return fields;
    }

    private static void collect(Object value, List<String> texts) {
        switch (value) {
            case String text -> texts.add(text);
            case Map<?, ?> map -> map.forEach((key, inner) -> {
                collect(key, texts);
                collect(inner, texts);
            });
            case List<?> list -> list.forEach(inner -> collect(inner, texts));
            case null, default -> { }
        }
    }

    private static Map<String, Object> covered(Map<String, ?> fields, Shield shield) {
        Map<String, Object> covered = new LinkedHashMap<>();
        fields.forEach((key, value) -> covered.put(shield.cover(key), coveredValue(value, shield)));
        return covered;
    }

    private static Object coveredValue(Object value, Shield shield) {
        return switch (value) {
            case String text -> shield.cover(text);
            case Map<?, ?> map -> {
                Map<Object, Object> covered = new LinkedHashMap<>();
                map.forEach((key, inner) -> covered.put(coveredValue(key, shield), coveredValue(inner, shield)));
                yield covered;
            }
            case List<?> list -> new ArrayList<>(list.stream().map(inner -> coveredValue(inner, shield)).toList());
            case null, default -> value;
        };
    }

    /** Many templates write the begin token themselves; it must not come twice. */
    private int[] withBegin(int[] tokens) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        boolean begins = tokens.length > 0 && vocabulary.special(SpecialToken.BEGIN).equals(OptionalInt.of(tokens[0]));
        if (begins || !vocabulary.addsBegin()) {
            return tokens;
        }
        int[] all = new int[tokens.length + 1];
        all[0] = vocabulary.special(SpecialToken.BEGIN).orElseThrow();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }
}
