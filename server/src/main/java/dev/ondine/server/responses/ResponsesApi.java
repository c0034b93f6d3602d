package dev.ondine.server.responses;

import dev.ondine.api.OndineTask;
import dev.ondine.server.chat.AnswerIds;
import dev.ondine.server.chat.TaskDesk;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.EventStream;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.text.template.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The Responses API of OpenAI. Responses are kept in memory for those who made them, the latest ones only.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses">the API</a>
 */
public final class ResponsesApi implements EndpointGroup {

    private static final int MOST_RESPONSES = 1_000;
    private static final long MOST_CHARACTERS = 32_000_000;

    private final TaskDesk desk;
    private final ResponseStore store = new ResponseStore(MOST_RESPONSES, MOST_CHARACTERS);

    /** The API for the models of a desk. */
    public ResponsesApi(TaskDesk desk) {
        this.desk = desk;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.work("/v1/responses", this::create)
                .post("/v1/responses/input_tokens", this::count)
                .get("/v1/responses/{id}", this::show)
                .delete("/v1/responses/{id}", this::forget)
                .post("/v1/responses/{id}/cancel", this::cancel)
                .get("/v1/responses/{id}/input_items", this::listInput);
    }

    private ResponseRequest read(Exchange exchange) {
        return ResponseRequest.of(exchange, exchange.json(), desk, id -> earlier(exchange, id));
    }

    private void count(Exchange exchange) {
        Map<String, Object> count = JsonText.map("object", "response.input_tokens",
                "input_tokens", TaskFailures.translated(read(exchange).task()::promptTokens).length);
        exchange.send(count);
    }

    private void create(Exchange exchange) {
        ResponseRequest request = read(exchange);
        var shape = new ResponseShape("resp_" + AnswerIds.next(), Instant.now().getEpochSecond(), request.echo());
        List<Map<String, Object>> input = ResponseItems.input(request.input(), AnswerIds::next);
        OndineTask task = request.isBackground() ? desk.start(request.model(), request.task())
                : desk.start(request.model(), request.task(), exchange);
        var latest = new KeptResponse.LatestState(shape.unfinished(request.isBackground() ? "queued" : "in_progress", List.of(), null));
        if (request.isKept()) {
            store.keep(new KeptResponse(shape.id(), exchange.caller().name(), input, request.conversation(), task::cancel, latest,
                    request.conversation().toString().length()));
        }
        if (request.isBackground()) {
            exchange.send(latest.shown());
            var run = new ResponseRun(desk, task, shape, latest, (_, _) -> { });
            Thread.ofVirtual().name("response " + shape.id()).start(() -> runAlone(run));
        } else if (request.isStreamed()) {
            EventStream events = exchange.events();
            stream(new ResponseRun(desk, task, shape, latest, events::send), events);
        } else {
            exchange.send(new ResponseRun(desk, task, shape, latest, (_, _) -> { }).run(() -> { }));
        }
    }

    private static void stream(ResponseRun run, EventStream events) {
        try {
            run.run(() -> events.comment("still here"));
        } catch (ApiFailure told) {
            // Its last event says that it has failed.
            events.close();
        }
    }

    private static void runAlone(ResponseRun run) {
        try {
            run.run(() -> { });
        } catch (ApiFailure kept) {
            // Whoever asks for the response sees that it has failed.
        }
    }

    private List<Message> earlier(Exchange exchange, String id) {
        KeptResponse response = store.find(id, exchange.caller().name()).orElseThrow(() -> ApiFailure.parameter("previous_response_id",
                "there is no response \"" + id + "\" any more; send the whole conversation"));
        if (response.latest().answered() == null) {
            throw ApiFailure.parameter("previous_response_id", "response \"" + id + "\" is not complete yet");
        }
        List<Message> all = new ArrayList<>(response.asked());
        all.addAll(response.latest().answered());
        return all;
    }

    private KeptResponse kept(Exchange exchange) {
        String id = exchange.parameter("id");
        return store.find(id, exchange.caller().name())
                .orElseThrow(() -> ApiFailure.of(404, "response_not_found", "there is no response \"" + id + "\", or not any more"));
    }

    private void show(Exchange exchange) {
        if (exchange.query("stream").filter("true"::equals).isPresent()) {
            throw ApiFailure.unsupported("stream", "a response that is kept is shown whole, not streamed");
        }
        exchange.send(kept(exchange).latest().shown());
    }

    private void forget(Exchange exchange) {
        KeptResponse response = kept(exchange);
        response.cancel().run();
        store.forget(response);
        Map<String, Object> gone = JsonText.map("id", response.id(), "object", "response", "deleted", true);
        exchange.send(gone);
    }

    private void cancel(Exchange exchange) {
        KeptResponse response = kept(exchange);
        response.cancel().run();
        response.latest().await();
        exchange.send(response.latest().shown());
    }

    private void listInput(Exchange exchange) {
        List<Map<String, Object>> items = new ArrayList<>(kept(exchange).input());
        if (!exchange.query("order").filter("asc"::equals).isPresent()) {
            Collections.reverse(items);
        }
        exchange.query("after").ifPresent(after -> {
            int index = items.stream().map(item -> item.get("id")).toList().indexOf(after);
            items.subList(0, index + 1).clear();
        });
        int limit = limit(exchange);
        boolean hasMore = items.size() > limit;
        List<Map<String, Object>> page = hasMore ? items.subList(0, limit) : items;
        Map<String, Object> list = JsonText.map("object", "list", "data", page,
                "first_id", page.isEmpty() ? null : page.getFirst().get("id"),
                "last_id", page.isEmpty() ? null : page.getLast().get("id"), "has_more", hasMore);
        exchange.send(list);
    }

    private static int limit(Exchange exchange) {
        String text = exchange.query("limit").orElse("20");
        if (!text.matches("[1-9][0-9]?|100")) {
            throw ApiFailure.parameter("limit", "limit is \"" + text + "\", expected 1 to 100");
        }
        return Integer.parseInt(text);
    }
}
