package dev.ondine.cli;

import dev.ondine.files.Metadata;
import dev.ondine.text.SpecialToken;
import dev.ondine.text.Tokenizer;
import dev.ondine.text.Vocabulary;
import dev.ondine.text.template.ChatTemplate;
import dev.ondine.text.template.Conversation;
import dev.ondine.text.template.Message;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** How a model wants to be spoken to: messages to the tokens of a prompt, by the chat template of its file. */
final class PromptFormat {

    private static final String TEMPLATE_KEY = "tokenizer.chat_template";
    private static final String CHATML_END = "<|im_end|>";

    private final Tokenizer tokenizer;
    private final ChatTemplate template;

    private PromptFormat(Tokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /** The format of a model; ChatML, with a notice, for one whose file has no template. */
    static PromptFormat of(Metadata metadata, Tokenizer tokenizer, Console console) {
        ChatTemplate template = template(metadata, tokenizer.vocabulary());
        if (template.isDefault()) {
            console.notice(metadata.file() + " has no chat template, so messages go in ChatML; run --raw gives the model your text alone");
        }
        return new PromptFormat(tokenizer, template);
    }

    /** The chat template of a model, ChatML where its file has none. */
    static ChatTemplate template(Metadata metadata, Vocabulary vocabulary) {
        return ChatTemplate.of(metadata.string(TEMPLATE_KEY, null),
                text(vocabulary, SpecialToken.BEGIN), text(vocabulary, SpecialToken.END));
    }

    private static String text(Vocabulary vocabulary, SpecialToken part) {
        OptionalInt token = vocabulary.special(part);
        return token.isPresent() ? vocabulary.text(token.getAsInt()) : null;
    }

    /** Strings that end an answer, beside the tokens that the file names. */
    List<String> stops() {
        return template.isDefault() ? List.of(CHATML_END) : List.of();
    }

    /** The prompt that asks for an answer to these messages. */
    int[] prompt(List<Message> messages) {
        int[] tokens = tokenizer.encodePrompt(template.render(Conversation.of(messages), Clock.systemDefaultZone()), true);
        // Many templates write the begin token themselves; it must not come twice.
        boolean twice = tokenizer.vocabulary().addsBegin() && tokens.length > 1 && tokens[0] == tokens[1];
        return twice ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens;
    }
}
