package dev.ondine.server.anthropic;

import dev.ondine.api.Answer;
import dev.ondine.api.OndineTask;
import dev.ondine.server.chat.AnswerIds;
import dev.ondine.server.chat.StopStrings;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.chat.WholeCalls;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.text.tools.ToolEvent;
import dev.ondine.text.tools.ToolReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Messages API of Anthropic.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">the API</a>
 */
public final class AnthropicApi implements EndpointGroup {

    private final TaskDesk desk;

    /** The API for the models of a desk. */
    public AnthropicApi(TaskDesk desk) {
        this.desk = desk;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.work("/v1/messages", this::answer).post("/v1/messages/count_tokens", this::count);
    }

    private void count(Exchange exchange) {
        AnthropicRequest request = AnthropicRequest.ofPrompt(exchange.json(), desk);
        exchange.send(Map.of("input_tokens", TaskFailures.translated(request.task()::promptTokens).length));
    }

    private void answer(Exchange exchange) {
        AnthropicRequest request = AnthropicRequest.of(exchange, desk);
        var shape = new MessageShape("msg_" + AnswerIds.next(), request.modelName());
        exchange.set("request-id", "req_" + AnswerIds.next());
        try (OndineTask task = desk.start(request.model(), request.task(), exchange)) {
            if (request.isStreamed()) {
                stream(request, shape, task, exchange.events());
            } else {
                exchange.send(whole(request, shape, desk.answer(task)));
            }
        }
    }

    private void stream(AnthropicRequest request, MessageShape shape, OndineTask task, EventStream events) {
        var message = new MessageEvents(events, shape);
        message.begin(task.prompt().length);
        Consumer<ToolEvent> parts = request.isEager() ? message::add : new WholeCalls(message::add);
        Answer answer = desk.follow(task, parts, message::ping);
        Optional<String> stop = stop(request, answer);
        message.end(MessageShape.stopReason(answer.finishReason(), message.called(), stop), stop, usage(answer));
    }

    private static Map<String, Object> whole(AnthropicRequest request, MessageShape shape, Answer answer) {
        List<Object> content = new ArrayList<>();
        if (!answer.text().isEmpty()) {
            content.add(MessageShape.text(answer.text()));
        }
        for (ToolReply.Call call : answer.toolCalls()) {
            content.add(MessageShape.toolUse("toolu_" + AnswerIds.next(), call.name(), JsonText.read(call.arguments(), "the arguments")));
        }
        Optional<String> stop = stop(request, answer);
        String reason = MessageShape.stopReason(answer.finishReason(), !answer.toolCalls().isEmpty(), stop);
        return shape.message(content, reason, stop, usage(answer));
    }

    private static Optional<String> stop(AnthropicRequest request, Answer answer) {
        return StopStrings.found(answer, request.stops(), request.model().tokenizer());
    }

    private static Map<String, Object> usage(Answer answer) {
        return MessageShape.usage(answer.promptTokens(), answer.cachedPromptTokens(), answer.answerTokens());
    }
}
