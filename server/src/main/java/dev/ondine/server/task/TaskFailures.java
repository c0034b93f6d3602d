package dev.ondine.server.task;

import dev.ondine.api.LocalModel;
import dev.ondine.files.ModelFileException;
import dev.ondine.models.CapacityException;
import dev.ondine.os.RefusedException;
import dev.ondine.server.failure.ApiFailure;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;

/** What clients are told of tasks that are refused or fail. */
public final class TaskFailures {

    private static final Duration SOON = Duration.ofSeconds(1);

    private TaskFailures() {
    }

    /** Does something with a model or the kernel; what they refuse becomes an {@link ApiFailure}. */
    public static <T> T translated(Supplier<T> action) {
        try {
            return action.get();
        } catch (RefusedException e) {
            throw refused(e);
        } catch (CapacityException e) {
            throw ApiFailure.of(400, "context_length_exceeded", e.getMessage());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.of(400, e.getMessage());
        }
    }

    /** Waits until a model is in memory. @throws ApiFailure if there is no room for it, or its file cannot be used */
    public static void load(LocalModel model) {
        try {
            model.load();
        } catch (CapacityException e) {
            throw ApiFailure.of(503, "no_memory", e.getMessage()).withHeader("Retry-After", "5");
        } catch (ModelFileException | UncheckedIOException e) {
            throw ApiFailure.of(500, "model_unusable", "model " + model.name() + " cannot be loaded: " + e.getMessage());
        }
    }

    /** The failure of a task that could not go on. */
    public static ApiFailure broken(String problem) {
        return ApiFailure.of(500, "task_failed", problem.isEmpty() ? "the task could not go on" : problem);
    }

    /** The failure of a task that somebody else ended. */
    public static ApiFailure cancelled() {
        return ApiFailure.of(409, "task_cancelled", "the task was cancelled").withHeader("x-should-retry", "false");
    }

    private static ApiFailure refused(RefusedException e) {
        return switch (e.reason()) {
            case QUEUE -> later(ApiFailure.of(429, "queue_full", e.getMessage()), e);
            case QUOTA -> later(ApiFailure.of(429, "quota_exceeded", e.getMessage()), e);
            case CLOSED -> later(ApiFailure.of(503, "stopping", e.getMessage()), e);
            case DEADLINE -> unattainable(e);
        };
    }

    private static ApiFailure later(ApiFailure failure, RefusedException e) {
        long seconds = Math.max(1, e.earliest().orElse(SOON).plusMillis(999).toSeconds());
        return failure.withHeader("Retry-After", Long.toString(seconds));
    }

    /** The same request would be refused again, so clients should not repeat it by themselves, as many do after status 409. */
    private static ApiFailure unattainable(RefusedException e) {
        ApiFailure failure = ApiFailure.of(409, "deadline_unattainable", e.getMessage()).withHeader("x-should-retry", "false");
        if (e.earliest().isEmpty()) {
            return failure;
        }
        long millis = e.earliest().get().toMillis();
        return failure.withHeader("X-Ondine-Earliest-Ms", Long.toString(millis)).withDetail("earliest_ms", millis);
    }
}
