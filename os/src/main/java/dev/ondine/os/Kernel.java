package dev.ondine.os;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The thread that runs the scheduler's steps on the engine, and the door to it: any thread may submit tasks, watch and stop them. What
 * is asked takes effect between two steps. Close it to end all tasks.
 */
public final class Kernel implements AutoCloseable {

    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final List<Consumer<StepRecord>> watchers = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final Scheduler scheduler;
    private final Thread thread;
    private volatile boolean isClosed;

    public Kernel(SchedulingPolicy policy, SchedulerSettings settings) {
        scheduler = new Scheduler(policy, MonotonicClock.SYSTEM, settings, record -> watchers.forEach(watcher -> watcher.accept(record)));
        thread = Thread.ofPlatform().name("ondine-kernel").daemon().start(this::loop);
    }

    /**
     * Takes a task.
     *
     * @throws RefusedException         if the queue is full or its deadline cannot be met
     * @throws IllegalArgumentException if the prompt is empty or holds a token outside the vocabulary
     * @throws dev.ondine.models.CapacityException if the prompt does not fit the context
     */
    public TaskHandle submit(EngineRunner runner, TaskTerms terms, Work work) {
        runner.requireReadable(work);
        TaskHandle handle = new TaskHandle(this, ids.incrementAndGet());
        return ask(() -> {
            Task task = new Task(handle.id(), runner, terms, work.prompt().length, work.mostTokens(), System.nanoTime());
            scheduler.submit(task);
            runner.add(task, work, handle.listener());
            return handle;
        });
    }

    /** Tasks that have not ended. */
    public List<TaskView> tasks() {
        return ask(() -> scheduler.tasks().stream().map(Task::view).toList());
    }

    /** @return false if there is no such task any more */
    public boolean cancel(long id) {
        return onTask(id, scheduler::cancel);
    }

    /** @return false if there is no such task any more */
    public boolean pause(long id) {
        return onTask(id, scheduler::pause);
    }

    /** @return false if there is no such task any more */
    public boolean resume(long id) {
        return onTask(id, scheduler::resume);
    }

    /** @return false if there is no such task any more */
    public boolean reprioritise(long id, PriorityClass priority) {
        return onTask(id, task -> scheduler.reprioritise(task, priority));
    }

    /** Tells somebody of every step, from the kernel's thread: it returns at once. Close the result to stop that. */
    public AutoCloseable watch(Consumer<StepRecord> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private boolean onTask(long id, Consumer<Task> action) {
        return ask(() -> {
            Optional<Task> found = scheduler.tasks().stream().filter(task -> task.id() == id).findAny();
            found.ifPresent(action);
            return found.isPresent();
        });
    }

    /** Has the kernel's thread do something between two steps, and waits for what comes of it. */
    private <T> T ask(Supplier<T> request) {
        if (Thread.currentThread() == thread) {
            return request.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        requests.add(() -> answer(answer, request));
        LockSupport.unpark(thread);
        if (isClosed) {
            drain();
        }
        return answer.handle(Kernel::<T>unwrapped).join().get();
    }

    private static <T> void answer(CompletableFuture<T> answer, Supplier<T> request) {
        try {
            answer.complete(request.get());
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private static <T> Supplier<T> unwrapped(T value, Throwable failure) {
        return () -> {
            switch (failure) {
                case null -> {
                    return value;
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        };
    }

    private void loop() {
        while (!isClosed) {
            drain();
            if (!scheduler.step() && requests.isEmpty() && !isClosed) {
                LockSupport.park(this);
            }
        }
        drain();
        scheduler.tasks().forEach(scheduler::cancel);
    }

    private void drain() {
        for (Runnable request; (request = requests.poll()) != null; ) {
            request.run();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
