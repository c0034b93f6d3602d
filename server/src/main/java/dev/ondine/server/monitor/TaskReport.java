package dev.ondine.server.monitor;

import dev.ondine.os.Budget;
import dev.ondine.os.Deadline;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskResult;
import dev.ondine.os.TaskState;
import dev.ondine.os.TaskView;
import dev.ondine.os.memory.MemorySnapshot.CacheForm;
import dev.ondine.os.memory.MemorySnapshot.TaskBytes;
import dev.ondine.server.json.JsonText;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A task as JSON. */
final class TaskReport {

    private final ServerClock clock;

    TaskReport(ServerClock clock) {
        this.clock = clock;
    }

    Map<String, Object> of(TaskView task) {
        Map<String, Object> report = JsonText.map("id", task.id(), "app", task.terms().app(), "model", task.model(),
                "class", word(task.terms().priority()), "runs_as", word(task.runsAs()), "weight", task.terms().weight(),
                "durable", task.terms().durable(),
                "state", task.state().name().toLowerCase(Locale.ROOT), "paused", task.isPaused(),
                "deadline", deadline(task.terms().deadline()), "late", task.isLate(), "budget", budget(task.terms().budget()));
        report.putAll(JsonText.map("prompt_tokens", task.promptTokens(), "cached_tokens", task.cachedPromptTokens(),
                "computed", task.computed(), "generated", task.generated(),
                "most_tokens", task.mostTokens() == Integer.MAX_VALUE ? null : (Integer) task.mostTokens(),
                "preemptions", task.preemptions()));
        report.putAll(JsonText.map("submitted_ms", clock.millis(task.submittedNanos()),
                "started_ms", clock.millisIfCome(task.startedNanos()), "first_token_ms", clock.millisIfCome(task.firstTokenNanos()), "done_ms", clock.millisIfCome(task.doneNanos()),
                "compute_ms", task.computeSeconds() * 1e3, "joules", task.joules()));
        return report;
    }

    /** The same with what its cache holds and why it ended, as far as that is known. */
    Map<String, Object> of(TaskView task, Optional<TaskBytes> cache, Optional<TaskResult> result) {
        Map<String, Object> report = of(task);
        report.put("kv_bytes", cache.map(TaskBytes::bytes).orElse(null));
        report.put("parked_as", task.state() == TaskState.PARKED ? cache.map(bytes -> form(bytes.form())).orElse(null) : null);
        report.put("finish_reason", result.map(TaskReport::ending).orElse(null));
        result.map(TaskResult::problem).filter(problem -> !problem.isEmpty()).ifPresent(problem -> report.put("problem", problem));
        return report;
    }

    private static String form(CacheForm form) {
        return form == CacheForm.NONE ? "dropped" : form.name().toLowerCase(Locale.ROOT);
    }

    private static String ending(TaskResult result) {
        return switch (result.finishReason()) {
            case STOP -> "stop";
            case LENGTH, CONTEXT -> "length";
            case CANCELLED -> "cancelled";
            case BUDGET -> "budget";
            case FAILED -> "error";
        };
    }

    static String word(PriorityClass priority) {
        return priority.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> deadline(Deadline deadline) {
        return deadline.isNone() ? null : JsonText.map("first_token_ms", millis(deadline.firstToken()),
                "tokens", deadline.tokens() == 0 ? null : (Integer) deadline.tokens(), "completion_ms", millis(deadline.completion()));
    }

    private static Map<String, Object> budget(Budget budget) {
        return budget.equals(Budget.UNLIMITED) ? null : JsonText.map(
                "tokens", budget.tokens() == Long.MAX_VALUE ? null : (Long) budget.tokens(), "compute_ms", millis(budget.compute()), "joules", Double.isInfinite(budget.joules()) ? null : (Double) budget.joules());
    }

    private static Long millis(Duration time) {
        return time.equals(Deadline.NEVER) ? null : Long.valueOf(time.toMillis());
    }
}
