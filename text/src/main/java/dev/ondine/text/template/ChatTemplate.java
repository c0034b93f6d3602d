package dev.ondine.text.template;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's own way of writing a conversation as one prompt, or ChatML for a model that brings none. */
public final class ChatTemplate {

    /** The format of the ChatML family; used where a model file has no template. */
    public static final String CHATML = """
            {%- for message in messages -%}
            {{ '<|im_start|>' + message.role + '\\n' + (message.content or '') + '<|im_end|>\\n' }}
            {%- endfor -%}
            {%- if add_generation_prompt -%}
            {{ '<|im_start|>assistant\\n' }}
            {%- endif -%}
            """;

    private final Template template;
    private final boolean isDefault;
    private final String bosToken;
    private final String eosToken;

    private ChatTemplate(Template template, boolean isDefault, String bosToken, String eosToken) {
        this.template = template;
        this.isDefault = isDefault;
        this.bosToken = bosToken;
        this.eosToken = eosToken;
    }

    /**
     * The template of a model.
     *
     * @param source the file's {@code tokenizer.chat_template}; null where it has none
     * @param bosToken the text of the token that begins a prompt, null for none
     * @param eosToken the text of the token that ends an answer, null for none
     * @throws TemplateException if the source does not parse
     */
    public static ChatTemplate of(String source, String bosToken, String eosToken) {
        boolean isDefault = source == null;
        return new ChatTemplate(Template.parse(isDefault ? CHATML : source), isDefault, bosToken, eosToken);
    }

    /** Whether the model brings no template and gets ChatML. */
    public boolean isDefault() {
        return isDefault;
    }

    /**
     * The prompt of a conversation.
     *
     * @param clock the time that templates may name as today's
     * @throws TemplateException if the template refuses the conversation, fails, or reaches a limit
     */
    public String render(Conversation conversation, Clock clock) {
        Map<String, Object> variables = new LinkedHashMap<>();
        if (bosToken != null) {
            variables.put("bos_token", bosToken);
        }
        if (eosToken != null) {
            variables.put("eos_token", eosToken);
        }
        variables.put("messages", conversation.messages());
        variables.put("tools", conversation.tools());
        variables.put("documents", conversation.documents());
        variables.put("add_generation_prompt", conversation.addGenerationPrompt());
        variables.putAll(conversation.variables());
        return template.render(variables, clock);
    }
}
