package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.RefusedException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks of a kernel from their admission to their end, and the memory of those that ended. Only the kernel's thread uses it. */
final class OpenTasks {

    private final Scheduler scheduler;
    private final AppAccounts accounts;
    private final TaskHistory history;
    private final Map<Long, OpenTask> open = new LinkedHashMap<>();

    OpenTasks(Scheduler scheduler, KernelSettings settings) {
        this.scheduler = scheduler;
        this.accounts = new AppAccounts(settings, MonotonicClock.SYSTEM);
        this.history = new TaskHistory(settings.kept());
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether none of them can go on before somebody asks for it. */
    boolean areAtRest() {
        return open.values().stream().map(OpenTask::task).allMatch(task -> task.isPaused || task.state() == TaskState.BLOCKED);
    }

    Optional<OpenTask> find(long id) {
        return Optional.ofNullable(open.get(id));
    }

    TaskHistory history() {
        return history;
    }

    /** @throws RefusedException if its app's quota or the queue is full, or its deadline cannot be met */
    void admit(OpenTask submitted) {
        Task task = submitted.task();
        accounts.open(task, cacheShare(submitted));
        try {
            start(submitted);
        } catch (RuntimeException | Error e) {
            accounts.close(task);
            throw e;
        }
    }

    /** Of the cache of a model, what running tasks of an app hold and the prompt of another would take; 0 if they hold nothing. */
    private double cacheShare(OpenTask submitted) {
        Task newcomer = submitted.task();
        int tokens = open.values().stream().map(OpenTask::task)
                .filter(task -> task.runner() == newcomer.runner() && task.state() == TaskState.RUNNING
                        && task.terms().app().equals(newcomer.terms().app()))
                .mapToInt(Task::computed).sum();
        return tokens == 0 ? 0 : submitted.runner().cacheShare(tokens + newcomer.promptTokens());
    }

    private void start(OpenTask submitted) {
        Task task = submitted.task();
        submitted.runner().add(task, submitted.work(), submitted.content());
        try {
            scheduler.submit(task);
        } catch (RuntimeException | Error e) {
            submitted.runner().remove(task);
            throw e;
        }
        open.put(task.id(), submitted);
    }

    /**
     * Lets a task of an earlier process go on; its quota was spent when it was submitted, and a deadline that has passed is no deadline.
     *
     * @throws RefusedException if the queue is full
     */
    void readmit(OpenTask resumed) {
        Content.Outcome outcome = resumed.content() instanceof CompletionContent completion ? completion.replayed() : Content.Outcome.READS;
        Task task = resumed.task();
        if (outcome == Content.Outcome.ENDED) {
            task.state = TaskState.DONE;
            task.doneNanos = System.nanoTime();
            resumed.content().done(task);
            return;
        }
        try {
            start(resumed);
        } catch (RefusedException refusal) {
            if (refusal.reason() != Reason.DEADLINE) {
                throw refusal;
            }
            task.standing.isLate = true;
            task.standing.due(Standing.NEVER, Standing.NEVER);
            start(resumed);
        }
        accounts.readmit(task);
        if (outcome == Content.Outcome.BLOCKED) {
            scheduler.block(task);
        }
    }

    /** Told of every end, by the task. */
    void ended(OpenTask task, TaskResult result) {
        open.remove(result.id());
        accounts.close(task.task());
        history.add(task.task().view(), result);
    }

    void end(OpenTask task, FinishReason reason, String problem) {
        task.content().end(reason, problem);
        scheduler.cancel(task.task());
    }

    /** Those of one runner have failed. */
    void endAll(EngineRunner runner, String problem) {
        for (OpenTask task : List.copyOf(open.values())) {
            if (task.runner() == runner) {
                end(task, FinishReason.FAILED, problem);
            }
        }
    }

    /** The scheduler has failed: whatever else does, every task ends, and tells so. */
    void failAll(String problem) {
        for (OpenTask task : List.copyOf(open.values())) {
            try {
                end(task, FinishReason.FAILED, problem);
            } catch (RuntimeException | Error e) {
                if (open.containsKey(task.task().id())) {
                    task.content().done(task.task());
                }
            }
        }
    }

    /** Ends all that are left when the kernel closes. */
    void leaveAll() {
        for (OpenTask task : List.copyOf(open.values())) {
            boolean goesOn = task.leaveToOthers();
            end(task, FinishReason.CANCELLED, goesOn ? "the kernel has closed; the task goes on with the next one" : "the kernel has closed");
        }
    }

    /** @throws RefusedException if its app may not ask for that class */
    void reprioritise(OpenTask task, PriorityClass priority) {
        accounts.requireClass(task.task().terms().app(), priority);
        scheduler.reprioritise(task.task(), priority);
    }

    /** A tool has answered. Arguments and failures as {@link TaskHandle#continueWith} tells. */
    void continueWith(OpenTask task, int[] moreTokens) {
        task.runner().continueWith(task.task(), moreTokens);
        try {
            task.given(moreTokens);
        } catch (RuntimeException e) {
            end(task, FinishReason.FAILED, EngineSteps.problem(e));
            throw e;
        }
        scheduler.unblock(task.task(), moreTokens.length);
    }
}
