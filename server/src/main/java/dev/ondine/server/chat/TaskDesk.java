package dev.ondine.server.chat;

import dev.ondine.api.Answer;
import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskBuilder;
import dev.ondine.api.TaskEvent;
import dev.ondine.engine.FinishReason;
import dev.ondine.models.CapacityException;
import dev.ondine.os.RefusedException;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.text.tools.ToolEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The way from a request to a task of the model that it names, and back with what comes of it. */
public final class TaskDesk {

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Ondine ondine;

    /** A desk for the models of an Ondine. */
    public TaskDesk(Ondine ondine) {
        this.ondine = ondine;
    }

    /** The models and their tasks. */
    public Ondine ondine() {
        return ondine;
    }

    /** The model of a name. @throws ApiFailure with status 404 if there is none; names are only looked up, so none leads to a file */
    public LocalModel model(String name) {
        return ondine.findModel(name).orElseThrow(() -> ApiFailure.of(404, "model_not_found", "there is no model \"" + shown(name)
                + "\" here; /v1/models lists those that are"));
    }

    /** A task for a model, to be described. */
    public TaskBuilder task(LocalModel model) {
        return ondine.task().model(model);
    }

    /** Starts a task; it is cancelled if the client goes away. @throws ApiFailure if it is refused */
    public OndineTask start(TaskBuilder builder, Exchange exchange) {
        OndineTask task = start(builder);
        exchange.whenGone(task::cancel);
        return task;
    }

    /** Starts a task that nobody waits for. @throws ApiFailure if it is refused */
    public OndineTask start(TaskBuilder builder) {
        return asked(builder::start);
    }

    /** What the model says to a question about a request. @throws ApiFailure if the request does not fit the model */
    public <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (RefusedException e) {
            throw refused(e);
        } catch (CapacityException e) {
            throw ApiFailure.of(400, "context_length_exceeded", e.getMessage());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.of(400, e.getMessage());
        }
    }

    /**
     * Hands on what a task tells until it ends.
     *
     * @param keepAlive is called when nothing came for a while
     * @throws ApiFailure if the task failed, or was cancelled by others
     */
    public Answer follow(OndineTask task, Consumer<ToolEvent> parts, Runnable keepAlive) {
        try {
            while (true) {
                Optional<TaskEvent> event = task.next(SILENCE);
                if (event.isEmpty()) {
                    keepAlive.run();
                } else if (event.get() instanceof TaskEvent.Token(_, var certain)) {
                    certain.forEach(parts);
                } else if (event.get() instanceof TaskEvent.Done(var certain, var answer)) {
                    certain.forEach(parts);
                    return checked(answer);
                }
            }
        } catch (InterruptedException e) {
            throw stopping(task);
        }
    }

    /** Waits for the end of a task. @throws ApiFailure if it failed, or was cancelled by others */
    public Answer answer(OndineTask task) {
        try {
            return checked(task.answer());
        } catch (InterruptedException e) {
            throw stopping(task);
        }
    }

    private static Answer checked(Answer answer) {
        if (answer.finishReason() == FinishReason.FAILED) {
            throw ApiFailure.of(500, "task_failed", answer.problem());
        }
        if (answer.finishReason() == FinishReason.CANCELLED) {
            throw ApiFailure.of(503, "task_cancelled", "the task was cancelled");
        }
        return answer;
    }

    private static ApiFailure stopping(OndineTask task) {
        task.cancel();
        Thread.currentThread().interrupt();
        return ApiFailure.of(503, "the server is stopping");
    }

    private static ApiFailure refused(RefusedException refusal) {
        long millis = refusal.earliest().map(Duration::toMillis).orElse(1000L);
        ApiFailure failure = switch (refusal.reason()) {
            case QUEUE, QUOTA -> ApiFailure.of(429, "queue_full", refusal.getMessage());
            case DEADLINE -> ApiFailure.of(409, "deadline_refused", refusal.getMessage()).withDetail("earliest_ms", millis);
            case CLOSED -> ApiFailure.of(503, refusal.getMessage());
        };
        return failure.withHeader("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(millis, 1000L))));
    }

    private static String shown(String name) {
        return name.length() > 100 ? name.substring(0, 100) + "…" : name;
    }
}
