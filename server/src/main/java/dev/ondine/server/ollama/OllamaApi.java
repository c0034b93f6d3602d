package dev.ondine.server.ollama;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.chat.WholeCalls;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Endpoint;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.LineStream;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.shelf.ModelLoading;
import dev.ondine.server.task.KeepAlive;
import dev.ondine.server.task.TaskFailures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The API of Ollama, without what brings models to the machine or takes them away.
 *
 * @see <a href="https://docs.ollama.com/api">the API</a>
 */
public final class OllamaApi implements EndpointGroup {

    private final TaskDesk desk;
    private final String version;

    /** The API for the models of a desk. @param version of the server */
    public OllamaApi(TaskDesk desk, String version) {
        this.desk = desk;
        this.version = version;
    }

    @Override
    public void addTo(RouteTable routes) {
        var models = new OllamaModels(desk.models());
        var embeddings = new OllamaEmbeddings(desk);
        routes.work("/api/chat", exchange -> answer(exchange, OllamaRequest.chat(exchange, desk)))
                .work("/api/generate", exchange -> answer(exchange, OllamaRequest.completion(exchange, desk)))
                .work("/api/embed", embeddings::embed)
                .work("/api/embeddings", embeddings::embedOne)
                .get("/api/tags", models::list)
                .get("/api/ps", models::running)
                .post("/api/show", models::show)
                .get("/api/version", exchange -> exchange.send(Map.of("version", version)));
        for (String name : List.of("pull", "push", "create", "copy")) {
            routes.post("/api/" + name, refusing(name));
        }
        routes.delete("/api/delete", refusing("delete"));
    }

    private static Endpoint refusing(String name) {
        return _ -> {
            throw ApiFailure.of(501, name + " is not supported: this server has the models that it was started with");
        };
    }

    private void answer(Exchange exchange, OllamaRequest request) {
        if (request.task().isEmpty()) {
            comeOrGo(exchange, request);
            return;
        }
        long start = System.nanoTime();
        TaskFailures.load(request.model());
        Duration loading = Duration.ofNanos(System.nanoTime() - start);
        try (OndineTask task = desk.start(request.model(), request.task().get(), exchange)) {
            // Not before: a model that is to go after its use would go before it.
            request.keepAlive().ifPresent(time -> time.applyTo(request.model()));
            if (request.isStreamed()) {
                stream(exchange.lines(), request, task, loading);
            } else {
                Answer answer = desk.answer(task);
                Map<String, Object> reply = request.reply().end(answer.text(), answer.toolCalls(), answer, loading);
                exchange.send(request.tellsContext() ? withContext(reply, task, answer) : reply);
            }
        }
    }

    private void stream(LineStream lines, OllamaRequest request, OndineTask task, Duration loading) {
        var pieces = new OllamaPieces(request.reply(), lines);
        Answer answer = desk.follow(task, new WholeCalls(pieces), () -> { });
        Map<String, Object> end = request.reply().end("", List.of(), answer, loading);
        lines.send(request.tellsContext() ? withContext(end, task, answer) : end);
    }

    private static Map<String, Object> withContext(Map<String, Object> end, OndineTask task, Answer answer) {
        end.put("context", IntStream.concat(IntStream.of(task.prompt()), IntStream.of(answer.result().tokens())).toArray());
        return end;
    }

    private void comeOrGo(Exchange exchange, OllamaRequest request) {
        boolean goes = request.keepAlive().filter(KeepAlive::isOver).isPresent();
        if (goes) {
            ModelLoading.unload(desk.models().ondine(), request.model(), ModelLoading.USUAL_GRACE);
        } else {
            TaskFailures.load(request.model());
            request.keepAlive().ifPresent(time -> time.applyTo(request.model()));
        }
        exchange.send(request.reply().nothing(goes ? "unload" : "load"));
    }
}
