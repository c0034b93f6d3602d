package dev.ondine.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.ondine.api.Ondine;
import dev.ondine.os.TaskTerms;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a chat model is built of.
 *
 * @param parameters  of requests that do not say otherwise
 * @param seed        of the random numbers; empty for another one each time
 * @param strictTools whether arguments of all tools are held to their schemas, or only of those that are marked strict
 */
record ChatSettings(Ondine ondine, ChatRequestParameters parameters, TaskTerms terms, OptionalLong seed, boolean strictTools,
                    List<ChatModelListener> listeners) {

    ChatSettings {
        listeners = List.copyOf(listeners);
    }
}
