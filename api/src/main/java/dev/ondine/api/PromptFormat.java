package dev.ondine.api;

import dev.ondine.files.Metadata;
import dev.ondine.text.Shield;
import dev.ondine.text.SpecialToken;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.Vocabulary;
import dev.ondine.text.template.ChatTemplate;
import dev.ondine.text.template.Conversation;
import dev.ondine.text.template.Message;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** How a model wants to be spoken to: messages to the tokens of a prompt, by the chat template of its file. */
public final class PromptFormat {

    private static final String TEMPLATE_KEY = "tokenizer.chat_template";
    private static final String CHATML_END = "<|im_end|>";

    private final Tokenizer tokenizer;
    private final ChatTemplate template;

    private PromptFormat(Tokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /** The format of a model; ChatML for one whose file has no template. */
    public static PromptFormat of(Metadata metadata, Tokenizer tokenizer) {
        return new PromptFormat(tokenizer, template(metadata, tokenizer.vocabulary()));
    }

    /** Whether the model's file has no template of its own. */
    public boolean isDefault() {
        return template.isDefault();
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
        Shield shield = Shield.of(tokenizer, messages.stream().flatMap(PromptFormat::texts).toList());
        List<Message> covered = messages.stream().map(message -> covered(message, shield)).toList();
        int[] tokens = shield.encode(template.render(Conversation.of(covered), Clock.systemDefaultZone()));
        Vocabulary vocabulary = tokenizer.vocabulary();
        // Many templates write the begin token themselves; it must not come twice.
        boolean begins = tokens.length > 0 && vocabulary.special(SpecialToken.BEGIN).equals(OptionalInt.of(tokens[0]));
        return begins ? tokens : withBegin(vocabulary, tokens);
    }

    private static Stream<String> texts(Message message) {
        return message.fields().values().stream().filter(String.class::isInstance).map(String.class::cast);
    }

    private static Message covered(Message message, Shield shield) {
        Map<String, Object> fields = new LinkedHashMap<>(message.fields());
        fields.replaceAll((_, value) -> value instanceof String text ? shield.cover(text) : value);
        return new Message(fields);
    }

    private static int[] withBegin(Vocabulary vocabulary, int[] tokens) {
        if (!vocabulary.addsBegin()) {
            return tokens;
        }
        int[] all = new int[tokens.length + 1];
        all[0] = vocabulary.special(SpecialToken.BEGIN).orElseThrow();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }
}
