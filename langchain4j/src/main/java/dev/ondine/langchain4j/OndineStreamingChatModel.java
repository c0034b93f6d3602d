package dev.ondine.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.ondine.api.TaskBuilder;
import java.util.List;
import java.util.Set;

/**
 * The same as {@link OndineChatModel}, with the answer in pieces as they come. Handlers are called by a virtual thread, one for each
 * answer; the model does not wait for them.
 */
public final class OndineStreamingChatModel implements StreamingChatModel {

    private final ChatSettings settings;

    private OndineStreamingChatModel(ChatSettings settings) {
        this.settings = settings;
    }

    public static OndineChatBuilder<OndineStreamingChatModel> builder() {
        return new OndineChatBuilder<>(OndineStreamingChatModel::new);
    }

    /** Requests for what cannot be done are refused at once; all other failures go to the handler. */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatTask chat = new ChatTask(settings, request);
        TaskBuilder described = chat.described();
        Thread.ofVirtual().name("ondine-langchain4j").start(() -> {
            try {
                new ChatPieces(chat.model().name(), described.start(), handler).tell();
            } catch (RuntimeException | InterruptedException e) {
                handler.onError(ChatAnswers.failure(e));
            }
        });
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
