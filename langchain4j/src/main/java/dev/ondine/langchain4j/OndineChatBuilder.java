package dev.ondine.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.ondine.api.Ondine;
import dev.ondine.os.TaskTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The making of a chat model. Only {@link #ondine} must be given. What is not said: the first model, the likeliest token each time,
 * answers as long as they get, tools held to their schemas.
 *
 * @param <M> {@link OndineChatModel} or {@link OndineStreamingChatModel}
 */
public final class OndineChatBuilder<M> {

    private final Function<ChatSettings, M> maker;
    private final DefaultChatRequestParameters.Builder<?> parameters = ChatRequestParameters.builder();
    private final List<ChatModelListener> listeners = new ArrayList<>();
    private Ondine ondine;
    private TaskTerms terms = TaskTerms.FOREGROUND;
    private OptionalLong seed = OptionalLong.empty();
    private boolean strictTools = true;

    OndineChatBuilder(Function<ChatSettings, M> maker) {
        this.maker = maker;
    }

    /** Where the models are; the caller closes it, when it is not used any more. */
    public OndineChatBuilder<M> ondine(Ondine owner) {
        ondine = owner;
        return this;
    }

    /** A name or alias of a model that the {@link Ondine} knows. */
    public OndineChatBuilder<M> modelName(String name) {
        parameters.modelName(name);
        return this;
    }

    public OndineChatBuilder<M> temperature(Double temperature) {
        parameters.temperature(temperature);
        return this;
    }

    public OndineChatBuilder<M> topP(Double topP) {
        parameters.topP(topP);
        return this;
    }

    public OndineChatBuilder<M> topK(Integer topK) {
        parameters.topK(topK);
        return this;
    }

    public OndineChatBuilder<M> maxOutputTokens(Integer most) {
        parameters.maxOutputTokens(most);
        return this;
    }

    public OndineChatBuilder<M> stopSequences(List<String> ends) {
        parameters.stopSequences(ends);
        return this;
    }

    /** All parameters of requests that do not say otherwise; those that are set in it win over what was said before. */
    public OndineChatBuilder<M> defaultRequestParameters(ChatRequestParameters all) {
        parameters.overrideWith(all);
        return this;
    }

    /** Owner, class, deadline and budget of the tasks. */
    public OndineChatBuilder<M> terms(TaskTerms all) {
        terms = all;
        return this;
    }

    /** Same seed, same text; another one each time unless given. */
    public OndineChatBuilder<M> seed(long number) {
        seed = OptionalLong.of(number);
        return this;
    }

    /** Whether arguments of tools that do not say so themselves are held to their schemas. */
    public OndineChatBuilder<M> strictTools(boolean strict) {
        strictTools = strict;
        return this;
    }

    public OndineChatBuilder<M> listeners(List<ChatModelListener> more) {
        listeners.addAll(more);
        return this;
    }

    public M build() {
        Objects.requireNonNull(ondine, "ondine");
        return maker.apply(new ChatSettings(ondine, parameters.build(), terms, seed, strictTools, listeners));
    }
}
