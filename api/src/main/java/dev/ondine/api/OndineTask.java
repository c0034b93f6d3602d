package dev.ondine.api;

import dev.ondine.os.TaskHandle;
import dev.ondine.os.TaskResult;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterators;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A task that runs: its text as it comes, and its answer. Close it when nobody wants the rest: that cancels it. */
public final class OndineTask implements AutoCloseable {

    private final TaskHandle handle;

    OndineTask(TaskHandle handle) {
        this.handle = handle;
    }

    public long id() {
        return handle.id();
    }

    /** Tokens and other events one by one, with scores where they are wanted. */
    public TaskHandle handle() {
        return handle;
    }

    /** The text in pieces as they come, whole characters only. The stream can be read once; an interrupted reader ends it. */
    public Stream<String> text() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(new Pieces(), 0), false);
    }

    /** Waits for the end. */
    public Answer answer() throws InterruptedException {
        try {
            TaskResult result = handle.result().get();
            return new Answer(result.text(), result.finishReason(), result);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends the task within one step. */
    public void cancel() {
        handle.cancel();
    }

    @Override
    public void close() {
        if (!handle.result().isDone()) {
            cancel();
        }
    }

    /** Text of the events, without empty pieces. */
    private final class Pieces implements Iterator<String> {

        private String next = "";
        private boolean isOver;

        @Override
        public boolean hasNext() {
            try {
                while (next.isEmpty() && !isOver) {
                    switch (handle.next()) {
                        case TaskHandle.Event.Token(var token) -> next = token.text();
                        case TaskHandle.Event.Done(var rest, _) -> {
                            next = rest;
                            isOver = true;
                        }
                        case TaskHandle.Event.Answered(var rest) -> next = rest;
                        case TaskHandle.Event.PromptScores _ -> { }
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isOver = true;
            }
            return !next.isEmpty();
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            String piece = next;
            next = "";
            return piece;
        }
    }
}
