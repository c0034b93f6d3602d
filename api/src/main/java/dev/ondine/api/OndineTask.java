package dev.ondine.api;

import dev.ondine.engine.GeneratedToken;
import dev.ondine.os.PriorityClass;
import dev.ondine.os.TaskHandle;
import dev.ondine.os.TaskResult;
import dev.ondine.text.tools.ToolCallParser;
import dev.ondine.text.tools.ToolEvent;
import dev.ondine.text.tools.ToolReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A task that runs: its text as it comes, and its answer. Any thread may use it; events go to whoever takes them first, the answer to
 * all. Close it when nobody wants the rest: that cancels it.
 */
public final class OndineTask implements AutoCloseable {

    private final TaskHandle handle;
    private final int[] prompt;
    private final Ondine ondine;
    private final AnswerForm form;
    private final String keepsake;
    private final boolean isScored;
    /** Guards all below; held while waiting for the kernel, so fair: whoever waits for the answer lets others read in between. */
    private final ReentrantLock reading = new ReentrantLock(true);
    private final Deque<TaskEvent> unread = new ArrayDeque<>();
    private final List<GeneratedToken> scores = new ArrayList<>();
    private final List<GeneratedToken> promptScores = new ArrayList<>();
    private Optional<ToolCallParser> parser;
    private Answer answer;

    /** @param keepsake what its owner keeps with it; empty for nothing */
    OndineTask(Ondine ondine, TaskHandle handle, int[] prompt, AnswerForm form, boolean isScored, String keepsake) {
        this.ondine = ondine;
        this.handle = handle;
        this.prompt = prompt;
        this.form = form;
        this.parser = form.parser();
        this.isScored = isScored;
        this.keepsake = keepsake;
    }

    public long id() {
        return handle.id();
    }

    /** The tokens of its prompt. */
    public int[] prompt() {
        return prompt.clone();
    }

    /** What was kept with a durable task, see {@link TaskBuilder#keepsake}. */
    public String keepsake() {
        return keepsake;
    }

    /** The next event; waits for it. After {@link TaskEvent.Done} there is none: then it throws {@link NoSuchElementException}. */
    public TaskEvent next() throws InterruptedException {
        return next(Duration.ofNanos(Long.MAX_VALUE)).orElseThrow();
    }

    /** The next event, if it comes in time. @throws NoSuchElementException after {@link TaskEvent.Done} */
    public Optional<TaskEvent> next(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        if (!reading.tryLock(time.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            while (unread.isEmpty()) {
                if (answer != null) {
                    throw new NoSuchElementException("task %d is done, and its last event was read".formatted(id()));
                }
                if (!receive(end - System.nanoTime())) {
                    return Optional.empty();
                }
            }
            return Optional.of(unread.poll());
        } finally {
            reading.unlock();
        }
    }

    /** The text outside tool calls in pieces as they come, whole characters only. An interrupted reader ends the stream. */
    public Stream<String> text() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(new Pieces(), 0), false);
    }

    /** Waits for the end. A task that failed has an answer too: its finish reason says so, and its problem why. */
    public Answer answer() throws InterruptedException {
        while (true) {
            reading.lockInterruptibly();
            try {
                if (answer != null) {
                    return answer;
                }
                receive(Long.MAX_VALUE);
            } finally {
                reading.unlock();
            }
        }
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return handle.result().isDone();
    }

    /** Ends the task within one step; its answer is what it has by then. */
    public void cancel() {
        handle.cancel();
    }

    /**
     * Lets a task that {@link TaskBuilder#goesOn} and has answered go on with what a tool says: the tokens follow its answer as if they
     * were in the prompt, and another answer follows them.
     *
     * @return false if it has ended
     * @throws IllegalStateException               if it does not wait for tokens
     * @throws dev.ondine.models.CapacityException if they do not fit the context; it still waits
     */
    public boolean continueWith(int[] moreTokens) {
        return handle.continueWith(moreTokens);
    }

    /** Ends a task that waits for a tool's answer and needs none; any other is cancelled. */
    public void finish() {
        handle.finish();
    }

    /** Keeps it from running until it is resumed; it keeps its place. @return false if it has ended */
    public boolean pause() {
        return ondine.kernel().pause(id());
    }

    /** @return false if it has ended */
    public boolean resume() {
        return ondine.kernel().resume(id());
    }

    /** @return false if it has ended */
    public boolean reprioritise(PriorityClass priority) {
        return ondine.kernel().reprioritise(id(), priority);
    }

    /** Takes over one event of the kernel, if one comes in time. */
    private boolean receive(long nanos) throws InterruptedException {
        Optional<TaskHandle.Event> event = handle.next(nanos, TimeUnit.NANOSECONDS);
        event.ifPresent(told -> unread.add(switch (told) {
            case TaskHandle.Event.PromptScores(var tokens) -> scored(tokens);
            case TaskHandle.Event.Token(var token) -> token(token);
            case TaskHandle.Event.Answered(var rest) -> answered(rest);
            case TaskHandle.Event.Done(var rest, var result) -> done(rest, result);
        }));
        return event.isPresent();
    }

    private TaskEvent scored(List<GeneratedToken> tokens) {
        promptScores.addAll(tokens);
        return new TaskEvent.PromptScores(tokens);
    }

    private TaskEvent token(GeneratedToken token) {
        if (isScored) {
            scores.add(token);
        }
        return new TaskEvent.Token(token, parsed(token.text()));
    }

    private TaskEvent answered(String rest) {
        List<ToolEvent> last = finished(rest);
        parser = form.parser();
        return new TaskEvent.Answered(last);
    }

    private TaskEvent done(String rest, TaskResult result) {
        List<ToolEvent> last = finished(rest);
        // Of all the text: a task that goes on in another process tells the rest only.
        ToolReply reply = form.parser().map(whole -> ToolReply.of(all(whole, result.text())))
                .orElseGet(() -> new ToolReply(result.text(), List.of()));
        answer = new Answer(reply.text(), reply.calls(), scores, promptScores, result);
        return new TaskEvent.Done(last, answer);
    }

    /** What was held back of an answer that is over. */
    private List<ToolEvent> finished(String rest) {
        return parser.map(tools -> all(tools, rest)).orElseGet(() -> parsed(rest));
    }

    private static List<ToolEvent> all(ToolCallParser tools, String text) {
        List<ToolEvent> all = new ArrayList<>(tools.accept(text));
        all.addAll(tools.finish());
        return List.copyOf(all);
    }

    private List<ToolEvent> parsed(String text) {
        if (parser.isPresent()) {
            return parser.get().accept(text);
        }
        return text.isEmpty() ? List.of() : List.of(new ToolEvent.Text(text));
    }

    @Override
    public void close() {
        if (!isDone()) {
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
                    switch (OndineTask.this.next()) {
                        case TaskEvent.Token(_, var certain) -> next = text(certain);
                        case TaskEvent.Done(var certain, _) -> {
                            next = text(certain);
                            isOver = true;
                        }
                        case TaskEvent.Answered(var certain) -> next = text(certain);
                        case TaskEvent.PromptScores _ -> { }
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isOver = true;
            } catch (NoSuchElementException readByOthers) {
                isOver = true;
            }
            return !next.isEmpty();
        }

        private static String text(List<ToolEvent> certain) {
            return ToolReply.of(certain).text();
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
