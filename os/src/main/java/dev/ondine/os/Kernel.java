package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.os.RefusedException.Reason;
import dev.ondine.os.memory.MemorySnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The thread that runs the scheduler's steps on the engine, and the door to it: any thread may submit tasks, watch and stop them. What
 * is asked takes effect between two steps. Close it to end all tasks.
 */
public final class Kernel implements AutoCloseable {

    /** How long it rests when no task can take part in a step: another thread's memory may come free meanwhile. */
    private static final long REST_NANOS = 20_000_000;

    private final Requests requests = new Requests();
    private final List<Consumer<StepRecord>> watchers = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, OpenTask> open = new LinkedHashMap<>();
    private final Scheduler scheduler;
    private final AppAccounts accounts;
    private final TaskHistory history;
    private final Thread thread;
    private volatile boolean isClosing;
    private volatile long closeNanos;

    public Kernel(SchedulingPolicy policy, SchedulerSettings settings) {
        this(policy, settings, KernelSettings.STANDARD);
    }

    public Kernel(SchedulingPolicy policy, SchedulerSettings settings, KernelSettings kernelSettings) {
        scheduler = new Scheduler(policy, MonotonicClock.SYSTEM, settings, this::tell);
        accounts = new AppAccounts(kernelSettings, MonotonicClock.SYSTEM);
        history = new TaskHistory(kernelSettings.kept());
        thread = Thread.ofPlatform().name("ondine-kernel").daemon().unstarted(this::loop);
        requests.belongTo(thread);
        thread.start();
    }

    /**
     * Takes a task.
     *
     * @throws RefusedException         if the queue or the app's quota is full, its deadline cannot be met, or the kernel closes
     * @throws IllegalArgumentException if the prompt is empty or holds a token outside the vocabulary
     * @throws dev.ondine.models.CapacityException if the prompt does not fit the context
     */
    public TaskHandle submit(EngineRunner runner, TaskTerms terms, Work work) {
        requireOpen();
        TaskHandle handle = new TaskHandle(this, ids.incrementAndGet());
        OpenTask submitted = new OpenTask(handle.listener(), this::ended);
        Content content = runner.content(work, submitted);
        return requests.ask(() -> {
            requireOpen();
            Task task = new Task(handle.id(), runner, terms, work.prompt().length, work.mostTokens(), System.nanoTime());
            task.scoresPrompt = work.scoresPrompt();
            submitted.set(task, work, content);
            accounts.open(task, cacheShare(runner, terms.app(), work.prompt().length));
            start(submitted);
            return handle;
        });
    }

    private void requireOpen() {
        if (isClosing) {
            throw new RefusedException(Reason.CLOSED, "the kernel closes and takes no more tasks", Optional.empty());
        }
    }

    private void start(OpenTask submitted) {
        Task task = submitted.task();
        submitted.runner().add(task, submitted.work(), submitted.content());
        try {
            scheduler.submit(task);
        } catch (RuntimeException | Error e) {
            submitted.runner().remove(task);
            accounts.close(task);
            throw e;
        }
        open.put(task.id(), submitted);
    }

    /** Of the cache of a model, what running tasks of an app hold and a prompt would take; 0 for an app that holds nothing. */
    private double cacheShare(EngineRunner runner, String app, int promptTokens) {
        int tokens = open.values().stream().map(OpenTask::task)
                .filter(task -> task.runner() == runner && task.state() == TaskState.RUNNING && task.terms().app().equals(app))
                .mapToInt(Task::computed).sum();
        return tokens == 0 ? 0 : runner.cacheShare(tokens + promptTokens);
    }

    private void ended(OpenTask task, TaskResult result) {
        open.remove(result.id());
        accounts.close(task.task());
        history.add(Optional.of(task.task().view()), result);
    }

    /** Tasks that have not ended. */
    public List<TaskView> tasks() {
        return requests.ask(() -> scheduler.tasks().stream().map(Task::view).toList());
    }

    /** Where the caches of a model's tasks are. */
    public MemorySnapshot caches(EngineRunner runner) {
        return requests.ask(runner::caches);
    }

    /** A task, also one that has ended not long ago. */
    public Optional<TaskView> task(long id) {
        return requests.ask(() -> Optional.ofNullable(open.get(id)).map(found -> found.task().view())
                .or(() -> history.find(id).flatMap(TaskHistory.Entry::view)));
    }

    /** What came of a task that has ended; empty for one that has not, or not lately. */
    public Optional<TaskResult> result(long id) {
        return requests.ask(() -> history.find(id).map(TaskHistory.Entry::result));
    }

    /** Lets nobody ask for the result of a task again. @return false if it is not remembered */
    public boolean forget(long id) {
        return requests.ask(() -> history.forget(id));
    }

    /** Ends a task within one step. @return false if there is no such task any more */
    public boolean cancel(long id) {
        return onTask(id, task -> end(task, FinishReason.CANCELLED, ""));
    }

    /** @return false if there is no such task any more */
    public boolean pause(long id) {
        return onTask(id, found -> scheduler.pause(found.task()));
    }

    /** @return false if there is no such task any more */
    public boolean resume(long id) {
        return onTask(id, found -> scheduler.resume(found.task()));
    }

    /**
     * @return false if there is no such task any more
     * @throws RefusedException if its app may not ask for that class
     */
    public boolean reprioritise(long id, PriorityClass priority) {
        return onTask(id, found -> {
            accounts.requireClass(found.task().terms().app(), priority);
            scheduler.reprioritise(found.task(), priority);
        });
    }

    boolean continueWith(long id, int[] moreTokens) {
        return onTask(id, found -> {
            found.runner().continueWith(found.task(), moreTokens);
            scheduler.unblock(found.task(), moreTokens.length);
        });
    }

    boolean finish(long id) {
        return onTask(id, found -> end(found, found.task().state() == TaskState.BLOCKED ? FinishReason.STOP : FinishReason.CANCELLED, ""));
    }

    /** Ends all tasks of a model that is to be unloaded. @param problem that they tell */
    public void retire(EngineRunner runner, String problem) {
        requests.ask(() -> {
            List.copyOf(open.values()).stream().filter(found -> found.runner() == runner)
                    .forEach(found -> end(found, FinishReason.FAILED, problem));
            return runner;
        });
    }

    private void end(OpenTask found, FinishReason reason, String problem) {
        found.content().end(reason, problem);
        scheduler.cancel(found.task());
    }

    private boolean onTask(long id, Consumer<OpenTask> action) {
        return requests.ask(() -> {
            Optional<OpenTask> found = Optional.ofNullable(open.get(id));
            found.ifPresent(action);
            return found.isPresent();
        });
    }

    /** Tells somebody of every step, from the kernel's thread: it returns at once. Close the result to stop that; a failure stops it too. */
    public AutoCloseable watch(Consumer<StepRecord> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private void tell(StepRecord step) {
        for (Consumer<StepRecord> watcher : watchers) {
            try {
                watcher.accept(step);
            } catch (RuntimeException | Error e) {
                watchers.remove(watcher);
            }
        }
    }

    private void loop() {
        try {
            while (!mayEnd()) {
                requests.run();
                if (!step() && requests.isEmpty() && !mayEnd()) {
                    rest();
                }
            }
            requests.run();
            List.copyOf(open.values()).forEach(found -> end(found, FinishReason.CANCELLED, "the kernel has closed"));
        } finally {
            requests.end();
        }
    }

    private boolean mayEnd() {
        return isClosing && (open.isEmpty() || System.nanoTime() - closeNanos >= 0);
    }

    private void rest() {
        if (open.isEmpty() && !isClosing) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, REST_NANOS);
        }
    }

    /** One step; should the scheduler itself fail, what it was to run has failed, and it starts anew with what comes. */
    private boolean step() {
        try {
            return scheduler.step();
        } catch (RuntimeException | Error e) {
            String problem = EngineSteps.problem(e);
            List.copyOf(open.values()).forEach(found -> end(found, FinishReason.FAILED, problem));
            return true;
        }
    }

    /** Ends all tasks now. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** Takes no more tasks, lets those that it has run so long, then ends them. */
    public void close(Duration grace) {
        closeNanos = System.nanoTime() + grace.toNanos();
        isClosing = true;
        LockSupport.unpark(thread);
        boolean wasInterrupted = false;
        while (!requests.isOwner() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // Its memory may only go once it has ended; the grace is over, though.
                wasInterrupted = true;
                closeNanos = System.nanoTime();
                LockSupport.unpark(thread);
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
