package dev.ondine.server.chat;

import dev.ondine.api.Answer;
import dev.ondine.api.LocalModel;
import dev.ondine.api.OndineTask;
import dev.ondine.api.TaskBuilder;
import dev.ondine.api.TaskEvent;
import dev.ondine.engine.FinishReason;
import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.http.Exchange;
import dev.ondine.server.task.ModelDirectory;
import dev.ondine.server.task.TaskFailures;
import dev.ondine.text.tools.ToolEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The way from a request to a task of the model that it names, and back with what comes of it. */
public final class TaskDesk {

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final ModelDirectory models;

    /** A desk for models. */
    public TaskDesk(ModelDirectory models) {
        this.models = models;
    }

    /** The models and their tasks. */
    public ModelDirectory models() {
        return models;
    }

    /** A task for a model, to be described. */
    public TaskBuilder task(LocalModel model) {
        return models.ondine().task().model(model);
    }

    /** Starts a task of a model; it is cancelled if the client goes away. @throws ApiFailure if it is refused */
    public OndineTask start(LocalModel model, TaskBuilder builder, Exchange exchange) {
        OndineTask task = start(model, builder);
        exchange.whenGone(task::cancel);
        return task;
    }

    /** Starts a task of a model that nobody waits for. @throws ApiFailure if it is refused */
    public OndineTask start(LocalModel model, TaskBuilder builder) {
        TaskFailures.load(model);
        return TaskFailures.translated(builder::start);
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
            throw TaskFailures.broken(answer.problem());
        }
        if (answer.finishReason() == FinishReason.CANCELLED) {
            throw TaskFailures.cancelled();
        }
        return answer;
    }

    private static ApiFailure stopping(OndineTask task) {
        task.cancel();
        Thread.currentThread().interrupt();
        return ApiFailure.of(503, "the server is stopping");
    }
}
