package dev.ondine.server.openai;

import dev.ondine.api.OndineTask;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.failure.ErrorShape;
import dev.ondine.server.http.Caller;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TaskGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completions that run without a connection, and whose answers are kept for a while. */
public final class DetachedChats {

    private static final int MOST_KEPT = 256;

    private final ModelDirectory models;
    private final Map<Long, Chat> chats = new LinkedHashMap<>();

    private record Chat(ChatRequest request, Identity identity, TaskGroup tasks) {

        OndineTask task() {
            return tasks.tasks().getFirst();
        }
    }

    /** None yet. */
    public DetachedChats(ModelDirectory models) {
        this.models = models;
    }

    /** Starts one; its body is that of a chat completion without {@code stream} and {@code n}. Returns the id of its task. */
    public long start(Exchange exchange) {
        ChatRequest request = ChatRequest.of(exchange, exchange.json(), models);
        if (request.delivery().isStream() || request.choices() > 1) {
            throw ApiFailure.of(400, "a task without a connection has one answer and no stream; leave stream and n out");
        }
        TaskFailures.load(request.model());
        var chat = new Chat(request, Identity.of("chatcmpl-", request.model()), TaskGroup.start(request.orders(models.ondine())));
        keep(chat);
        return chat.task().id();
    }

    /** The answer of one that has ended, or the error that it ended with; empty while it runs, and for what this caller may not see. */
    public Optional<Map<String, Object>> result(long id, Caller caller) {
        Chat chat;
        synchronized (chats) {
            chat = chats.get(id);
        }
        boolean isVisible = chat != null && caller.app().map(chat.request.terms().app()::equals).orElse(true);
        return isVisible && chat.task().isDone() ? Optional.of(reply(chat)) : Optional.empty();
    }

    private static Map<String, Object> reply(Chat chat) {
        try {
            var scores = new TokenScores(chat.request.model().tokenizer().vocabulary());
            return ChatReply.of(chat.identity, chat.request.scores().isPresent(), scores, chat.tasks.answers(), List.of(chat.task().id()));
        } catch (ApiFailure e) {
            return ErrorShape.OPENAI.body(e);
        }
    }

    /** Those that have ended go first, the oldest of them. */
    private void keep(Chat chat) {
        synchronized (chats) {
            chats.put(chat.task().id(), chat);
            var ids = chats.values().iterator();
            while (chats.size() > MOST_KEPT && ids.hasNext()) {
                if (ids.next().task().isDone()) {
                    ids.remove();
                }
            }
        }
    }
}
