package dev.ondine.os;

import dev.ondine.engine.GeneratedToken;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A task as the one who submitted it sees it: its tokens as they come, its result, and the means to stop it. Any thread may use it;
 * the tokens go to whoever takes them first.
 */
public final class TaskHandle {

    /** What a task tells. */
    public sealed interface Event {

        /** @param tokens of the prompt with their scores; the first one of a prompt has none */
        record PromptScores(List<GeneratedToken> tokens) implements Event { }

        record Token(GeneratedToken token) implements Event { }

        /** The model has ended its answer; the task waits for {@link #continueWith}. @param rest of the text, which was held back */
        record Answered(String rest) implements Event { }

        /** The last event. @param rest of the text, which was held back */
        record Done(String rest, TaskResult result) implements Event { }
    }

    private final Kernel kernel;
    private final long id;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<TaskResult> result = new CompletableFuture<>();

    TaskHandle(Kernel kernel, long id) {
        this.kernel = kernel;
        this.id = id;
    }

    public long id() {
        return id;
    }

    /** The next event; after {@link Event.Done} there is none. Waits for it. */
    public Event next() throws InterruptedException {
        return events.take();
    }

    /** The next event, if it comes in time. */
    public Optional<Event> next(long time, TimeUnit unit) throws InterruptedException {
        return Optional.ofNullable(events.poll(time, unit));
    }

    /** What came of it; completes when the task has ended, with or without success, and never exceptionally. */
    public CompletableFuture<TaskResult> result() {
        return result.copy();
    }

    /**
     * Lets a task that has answered go on with what a tool says: the tokens come after the answer as if they were in the prompt, and
     * another answer follows. What was read before is not read again as long as the cache has room to keep it.
     *
     * @return false if the task has ended
     * @throws IllegalArgumentException if there are no tokens or one is outside the vocabulary
     * @throws IllegalStateException    if the task does not wait for tokens
     * @throws dev.ondine.models.CapacityException if they do not fit the context; the task still waits
     */
    public boolean continueWith(int[] moreTokens) {
        return kernel.continueWith(id, moreTokens);
    }

    /** Ends a task that has answered as one that needs no more; any other is cancelled. */
    public void finish() {
        kernel.finish(id);
    }

    /** Ends the task within one step; a task that has ended stays as it is. */
    public void cancel() {
        kernel.cancel(id);
    }

    TaskListener listener() {
        return new TaskListener() {
            @Override
            public void promptScores(List<GeneratedToken> tokens) {
                events.add(new Event.PromptScores(tokens));
            }

            @Override
            public void token(GeneratedToken token) {
                events.add(new Event.Token(token));
            }

            @Override
            public void answered(String rest) {
                events.add(new Event.Answered(rest));
            }

            @Override
            public void done(String rest, TaskResult taskResult) {
                events.add(new Event.Done(rest, taskResult));
                result.complete(taskResult);
            }
        };
    }
}
