package dev.ondine.server.openai;

import dev.ondine.api.OndineTask;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TaskGroup;

/** {@code /v1/chat/completions}. */
public final class ChatCompletions implements EndpointGroup {

    private final ModelDirectory models;

    /** Chats with models. */
    public ChatCompletions(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.work("/v1/chat/completions", this::answer);
    }

    private void answer(Exchange exchange) {
        ChatRequest request = ChatRequest.of(exchange, exchange.json(), models);
        TaskFailures.load(request.model());
        try (TaskGroup tasks = TaskGroup.start(exchange, request.orders(models.ondine()))) {
            Identity identity = Identity.of("chatcmpl-", request.model());
            var scores = new TokenScores(request.model().tokenizer().vocabulary());
            if (request.delivery().isStream()) {
                new ChatStream(identity, scores, request, exchange.events()).run(tasks);
            } else {
                exchange.send(ChatReply.of(identity, request.scores().isPresent(), scores, tasks.answers(),
                        tasks.tasks().stream().map(OndineTask::id).toList()));
            }
        }
    }
}
