package dev.ondine.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.ondine.api.OndineTask;
import java.util.List;
import java.util.Set;

/**
 * A model of an {@link dev.ondine.api.Ondine} as LangChain4j's chat model: tools, JSON schemas and all sampling parameters included.
 * Each request is a task. Pictures and other things that are no text are refused.
 *
 * @see <a href="https://docs.langchain4j.dev">LangChain4j</a>
 */
public final class OndineChatModel implements ChatModel {

    private final ChatSettings settings;

    private OndineChatModel(ChatSettings settings) {
        this.settings = settings;
    }

    public static OndineChatBuilder<OndineChatModel> builder() {
        return new OndineChatBuilder<>(OndineChatModel::new);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        try {
            ChatTask chat = new ChatTask(settings, request);
            try (OndineTask task = chat.described().start()) {
                return ChatAnswers.response(chat.model().name(), task, task.answer().orThrow());
            }
        } catch (RuntimeException | InterruptedException e) {
            throw ChatAnswers.failure(e);
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return settings.parameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return settings.listeners();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
