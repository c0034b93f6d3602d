package dev.ondine.server.monitor;

import dev.ondine.os.Kernel;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskView;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.EndpointGroup;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.http.RouteTable;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.json.JsonText;
import dev.ondine.server.openai.DetachedChats;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.server.task.TermsFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * {@code /v1/tasks}: to list, inspect, pause, resume, cancel and re-prioritise tasks, and to start some without waiting for them. A key
 * that speaks for an app sees and touches the tasks of that app alone.
 */
public final class TaskEndpoints implements EndpointGroup {

    private final Kernel kernel;
    private final DetachedChats chats;
    private final TaskReport report;

    /** Tasks of a kernel. */
    public TaskEndpoints(Kernel kernel, DetachedChats chats, ServerClock clock) {
        this.kernel = kernel;
        this.chats = chats;
        this.report = new TaskReport(clock);
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.get("/v1/tasks", this::list)
                .work("/v1/tasks", this::start)
                .get("/v1/tasks/{id}", exchange -> exchange.send(shown(exchange, id(exchange))))
                .post("/v1/tasks/{id}/pause", exchange -> act(exchange, kernel::pause))
                .post("/v1/tasks/{id}/resume", exchange -> act(exchange, kernel::resume))
                .post("/v1/tasks/{id}/cancel", exchange -> act(exchange, kernel::cancel))
                .delete("/v1/tasks/{id}", exchange -> act(exchange, kernel::cancel))
                .post("/v1/tasks/{id}/priority", this::reprioritise);
    }

    private void list(Exchange exchange) {
        List<Map<String, Object>> tasks = kernel.tasks().stream().filter(task -> isVisible(exchange, task)).map(report::of).toList();
        exchange.send(JsonText.map("object", "list", "data", tasks));
    }

    private void start(Exchange exchange) {
        long id = chats.start(exchange);
        exchange.send(202, shown(exchange, id));
    }

    private void reprioritise(Exchange exchange) {
        JsonFields body = exchange.json();
        PriorityClass priority = body.require("priority").choice(TermsFields.CLASSES);
        body.refuseOthers();
        act(exchange, id -> TaskFailures.translated(() -> kernel.reprioritise(id, priority)));
    }

    private void act(Exchange exchange, LongPredicate action) {
        long id = id(exchange);
        requireVisible(exchange, id);
        action.test(id);
        exchange.send(shown(exchange, id));
    }

    private Map<String, Object> shown(Exchange exchange, long id) {
        Optional<TaskView> task = find(id).filter(view -> isVisible(exchange, view));
        Optional<Map<String, Object>> result = chats.result(id, exchange.caller());
        if (task.isEmpty() && result.isEmpty()) {
            throw unknown(id);
        }
        Map<String, Object> shown = task.map(view -> report.of(view, Optional.empty(), kernel.result(id)))
                .orElseGet(() -> JsonText.map("id", id, "state", "done"));
        result.ifPresent(chat -> shown.put("result", chat));
        return shown;
    }

    private void requireVisible(Exchange exchange, long id) {
        find(id).filter(view -> isVisible(exchange, view)).orElseThrow(() -> unknown(id));
    }

    private Optional<TaskView> find(long id) {
        return kernel.task(id);
    }

    private static boolean isVisible(Exchange exchange, TaskView task) {
        return exchange.caller().app().map(task.terms().app()::equals).orElse(true);
    }

    private static long id(Exchange exchange) {
        try {
            return Long.parseLong(exchange.parameter("id"));
        } catch (NumberFormatException e) {
            throw ApiFailure.of(404, "task_not_found", "a task's id is a number");
        }
    }

    private static ApiFailure unknown(long id) {
        return ApiFailure.of(404, "task_not_found", "there is no task " + id + ", or it ended long ago");
    }
}
