package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.models.CapacityException;
import dev.ondine.os.RefusedException.Reason;
import dev.ondine.os.memory.MemorySnapshot;
import dev.ondine.text.grammar.Grammar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The thread that runs the scheduler's steps on the engine, and the door to it: any thread may submit tasks, watch and stop them. What
 * is asked takes effect between two steps. Close it to end all tasks.
 */
public final class Kernel implements AutoCloseable {

    /** How long it rests when there are tasks but none can take part in a step. */
    private static final long REST_NANOS = 20_000_000;

    private final Requests requests = new Requests();
    private final StepWatchers watchers = new StepWatchers();
    private final AtomicLong ids;
    private final Scheduler scheduler;
    private final OpenTasks tasks;
    private final DurableTasks durable;
    private final Thread thread;
    private volatile boolean isClosing;
    private volatile long closeNanos;

    public Kernel(SchedulingPolicy policy, SchedulerSettings settings) {
        this(policy, settings, KernelSettings.STANDARD);
    }

    public Kernel(SchedulingPolicy policy, SchedulerSettings settings, KernelSettings kernelSettings) {
        scheduler = new Scheduler(policy, MonotonicClock.SYSTEM, settings, watchers::tell);
        tasks = new OpenTasks(scheduler, kernelSettings);
        durable = new DurableTasks(kernelSettings.journal());
        ids = new AtomicLong(durable.lastTakenId());
        thread = Thread.ofPlatform().name("ondine-kernel").daemon().unstarted(this::loop);
        requests.belongTo(thread);
        thread.start();
    }

    /**
     * Takes a task.
     *
     * @throws RefusedException         if the queue or the app's quota is full, its deadline cannot be met, or the kernel closes
     * @throws IllegalArgumentException if the prompt is empty or holds a token outside the vocabulary, or the task cannot be durable
     * @throws CapacityException        if the prompt does not fit the context
     */
    public TaskHandle submit(EngineRunner runner, TaskTerms terms, Work work) {
        return submit(runner, terms, work, Keepsake.NONE);
    }

    /** The same, with what is to be kept with a durable task. */
    public TaskHandle submit(EngineRunner runner, TaskTerms terms, Work work, Keepsake keepsake) {
        requireOpen();
        long submittedNanos = System.nanoTime();
        TaskHandle handle = new TaskHandle(this, ids.incrementAndGet());
        OpenTask submitted = new OpenTask(handle.listener(), tasks::ended);
        Content content = runner.content(work, submitted);
        Optional<JournalFile> file = durable.create(handle.id(), runner, terms, work, keepsake);
        try {
            return requests.ask(() -> {
                requireOpen();
                Task task = new Task(handle.id(), runner, terms, work.prompt().length, work.mostTokens(), submittedNanos);
                task.scoresPrompt = work.scoresPrompt();
                submitted.set(task, work, content, file);
                tasks.admit(submitted);
                return handle;
            });
        } catch (RuntimeException | Error e) {
            durable.undo(handle.id(), file);
            throw e;
        }
    }

    private void requireOpen() {
        if (isClosing) {
            throw new RefusedException(Reason.CLOSED, "the kernel closes and takes no more tasks", Optional.empty());
        }
    }

    /**
     * Lets a durable task of an earlier process go on, as if nothing had happened; deadlines count from its submission then. A task that
     * cannot go on as it would have is lost: it ends as one that has failed, and tells why.
     *
     * @param runner  of the model that the task names
     * @param grammar made again from the task's keepsake; empty for a task without one
     * @return a handle that tells what comes from now on; its result has all
     * @throws IllegalStateException if the journal holds no such task that has not ended
     * @throws RefusedException      if the queue is full or the kernel closes; the task stays in the journal
     */
    public TaskHandle resume(EngineRunner runner, long id, Optional<Grammar> grammar) {
        TaskHandle handle = new TaskHandle(this, id);
        OpenTask resumed = new OpenTask(handle.listener(), tasks::ended);
        return requests.ask(() -> {
            requireOpen();
            if (tasks.find(id).isPresent()) {
                throw new IllegalStateException("task %d goes on already".formatted(id));
            }
            JournalEntry.Unfinished entry = durable.unfinished(id);
            try {
                durable.resume(runner, entry, grammar, resumed);
            } catch (IllegalArgumentException | IllegalStateException | CapacityException e) {
                handle.listener().done("", durable.lose(entry, e.getMessage()));
                return handle;
            }
            readmit(resumed);
            return handle;
        });
    }

    private void readmit(OpenTask resumed) {
        try {
            tasks.readmit(resumed);
        } catch (RuntimeException | Error e) {
            resumed.leaveToOthers();
            throw e;
        }
    }

    /**
     * Gives up a durable task of an earlier process that nobody can resume, such as one whose model is gone.
     *
     * @throws IllegalStateException if the journal holds no such task that has not ended
     */
    public void lose(long id, String reason) {
        requests.ask(() -> durable.lose(durable.unfinished(id), reason));
    }

    /** Tasks that have not ended. */
    public List<TaskView> tasks() {
        return requests.ask(() -> scheduler.tasks().stream().map(Task::view).toList());
    }

    /** What the scheduler has done until now. */
    public SchedulerStats stats() {
        return requests.ask(scheduler::stats);
    }

    /** A task, also one that has ended not long ago. */
    public Optional<TaskView> task(long id) {
        return requests.ask(() -> tasks.find(id).map(found -> found.task().view())
                .or(() -> tasks.history().find(id).map(TaskHistory.Entry::view)));
    }

    /** What came of a task that has ended; empty for one that has not, or that is not remembered. Durable ones are until they expire. */
    public Optional<TaskResult> result(long id) {
        return requests.ask(() -> tasks.history().find(id).map(TaskHistory.Entry::result)).or(() -> durable.result(id));
    }

    /** Forgets a task that has ended, its result too. @return false if none is known */
    public boolean forget(long id) {
        return requests.ask(() -> tasks.find(id).isEmpty() && tasks.history().forget(id) | durable.forget(id));
    }

    /** Where the caches of a model's tasks are. */
    public MemorySnapshot caches(EngineRunner runner) {
        return requests.ask(runner::caches);
    }

    /** Ends a task within one step. @return false if there is no such task any more */
    public boolean cancel(long id) {
        return onTask(id, found -> tasks.end(found, FinishReason.CANCELLED, ""));
    }

    /** Keeps a task from taking part in steps until it is resumed. @return false if there is no such task any more */
    public boolean pause(long id) {
        return onTask(id, found -> scheduler.pause(found.task()));
    }

    /** Lets a paused task take part in steps again. @return false if there is no such task any more */
    public boolean resume(long id) {
        return onTask(id, found -> scheduler.resume(found.task()));
    }

    /**
     * Gives a task another class.
     *
     * @return false if there is no such task any more
     * @throws RefusedException if its app may not ask for that class
     */
    public boolean reprioritise(long id, PriorityClass priority) {
        return onTask(id, found -> tasks.reprioritise(found, priority));
    }

    boolean continueWith(long id, int[] moreTokens) {
        return onTask(id, found -> tasks.continueWith(found, moreTokens));
    }

    boolean finish(long id) {
        return onTask(id, found ->
                tasks.end(found, found.task().state() == TaskState.BLOCKED ? FinishReason.STOP : FinishReason.CANCELLED, ""));
    }

    /** Ends all tasks of a model that is to be unloaded. @param problem that they tell */
    public void retire(EngineRunner runner, String problem) {
        requests.ask(() -> {
            tasks.endAll(runner, problem);
            return runner;
        });
    }

    private boolean onTask(long id, Consumer<OpenTask> action) {
        return requests.ask(() -> {
            Optional<OpenTask> found = tasks.find(id);
            found.ifPresent(action);
            return found.isPresent();
        });
    }

    /** Has the kernel's thread answer a question between two steps, and waits for that. Nothing is done meanwhile: it is a short one. */
    public <T> T betweenSteps(Supplier<T> question) {
        return requests.ask(question);
    }

    /** Tells somebody of every step, from the kernel's thread: it returns at once. Close the result to stop that; a failure stops it too. */
    public AutoCloseable watch(Consumer<StepRecord> watcher) {
        return watchers.add(watcher);
    }

    private void loop() {
        try {
            while (!mayEnd()) {
                requests.run();
                if (!step() && requests.isEmpty() && !mayEnd()) {
                    rest();
                }
            }
            tasks.leaveAll();
        } finally {
            requests.end();
        }
    }

    private boolean mayEnd() {
        return isClosing && (tasks.isEmpty() || System.nanoTime() - closeNanos >= 0);
    }

    private void rest() {
        if (tasks.areAtRest() && !isClosing) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, REST_NANOS);
        }
    }

    /** One step; should the scheduler itself fail, all tasks have failed, and it goes on with those that come. */
    private boolean step() {
        try {
            return scheduler.step();
        } catch (RuntimeException | Error e) {
            tasks.failAll(EngineSteps.problem(e));
            return true;
        }
    }

    /** Ends all tasks now. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** Takes no more tasks, lets those that it has run so long, then ends them; durable ones stay in the journal. */
    public void close(Duration grace) {
        closeNanos = System.nanoTime() + grace.toNanos();
        isClosing = true;
        LockSupport.unpark(thread);
        boolean wasInterrupted = false;
        while (!requests.isOwner() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // What it uses may only be freed once it has ended; the grace is over, though.
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
