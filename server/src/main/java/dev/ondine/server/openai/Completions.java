package dev.ondine.server.openai;

import dev.ondine.api.Answer;
import dev.ondine.api.TaskEvent;
import dev.ondine.engine.GeneratedToken;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code /v1/completions}. */
public final class Completions implements EndpointGroup {

    private final ModelDirectory models;

    /** Completions by models. */
    public Completions(ModelDirectory models) {
        this.models = models;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.work("/v1/completions", this::answer);
    }

    private void answer(Exchange exchange) {
        CompletionRequest request = CompletionRequest.of(exchange, exchange.json(), models);
        TaskFailures.load(request.model());
        try (TaskGroup tasks = TaskGroup.start(exchange, request.orders(models.ondine()))) {
            var reply = new CompletionReply(request, Identity.of("cmpl-", request.model()));
            if (request.delivery().isStream()) {
                stream(reply, request, tasks, exchange.events());
            } else {
                exchange.send(reply.whole(tasks.answers()));
            }
        }
    }

    private static void stream(CompletionReply reply, CompletionRequest request, TaskGroup tasks, EventStream events) {
        List<Writer> writers = IntStream.range(0, tasks.tasks().size()).mapToObj(index -> new Writer(reply, index, events)).toList();
        while (!tasks.isOver()) {
            TaskGroup.Told told = tasks.next();
            writers.get(told.task()).tell(told.event(), request);
        }
        if (request.delivery().countsLast()) {
            List<Answer> answers = writers.stream().map(writer -> writer.answer).toList();
            events.send(reply.lastChunk(answers));
        }
        events.text("[DONE]");
    }

    /** One of the answers of a stream. */
    private static final class Writer {

        private final CompletionReply reply;
        private final int index;
        private final EventStream events;
        private final List<GeneratedToken> unsent = new ArrayList<>();
        private final List<GeneratedToken> prompt = new ArrayList<>();
        private boolean hasEchoed;
        private int offset;
        private Answer answer;

        Writer(CompletionReply reply, int index, EventStream events) {
            this.reply = reply;
            this.index = index;
            this.events = events;
        }

        void tell(TaskEvent event, CompletionRequest request) {
            switch (event) {
                case TaskEvent.PromptScores(var tokens) -> prompt.addAll(tokens);
                case TaskEvent.Token(var token, var parts) -> {
                    echo(request);
                    unsent.add(token);
                    String text = CompletionReply.text(parts);
                    if (!text.isEmpty()) {
                        send(text, null);
                    }
                }
                case TaskEvent.Answered _ -> { }
                case TaskEvent.Done(var parts, var whole) -> {
                    echo(request);
                    answer = whole;
                    send(CompletionReply.text(parts), Usage.finishReason(whole));
                }
            }
        }

        private void echo(CompletionRequest request) {
            if (request.echo() && !hasEchoed) {
                hasEchoed = true;
                String text = reply.promptText(index);
                events.send(reply.chunk(index, text, reply.promptLogprobs(prompt), null));
                offset = text.codePointCount(0, text.length());
            }
        }

        private void send(String text, String finishReason) {
            Map<String, Object> logprobs = reply.logprobs(unsent, offset);
            unsent.clear();
            offset += text.codePointCount(0, text.length());
            events.send(reply.chunk(index, text, logprobs, finishReason));
        }
    }
}
