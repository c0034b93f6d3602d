package dev.ondine.os;

import dev.ondine.engine.GeneratedToken;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A task on its way through the kernel: what its content tells passes here, into the journal of a durable task first, then on to
 * whoever submitted it.
 */
final class OpenTask implements TaskListener {

    private final TaskListener listener;
    private final BiConsumer<OpenTask, TaskResult> onDone;
    private Task task;
    private Work work;
    private Content content;
    private Optional<JournalFile> journal = Optional.empty();

    /** @param onDone told of the end, before the listener */
    OpenTask(TaskListener listener, BiConsumer<OpenTask, TaskResult> onDone) {
        this.listener = listener;
        this.onDone = onDone;
    }

    /** Called once, before anything is told. */
    void set(Task newTask, Work newWork, Content newContent, Optional<JournalFile> newJournal) {
        task = newTask;
        work = newWork;
        content = newContent;
        journal = newJournal;
    }

    Task task() {
        return task;
    }

    Work work() {
        return work;
    }

    Content content() {
        return content;
    }

    EngineRunner runner() {
        return (EngineRunner) task.runner();
    }

    /** From now on nothing is written of it: another process takes up a durable task where it is. @return whether it is durable */
    boolean leaveToOthers() {
        boolean isDurable = journal.isPresent();
        journal.ifPresent(JournalFile::close);
        journal = Optional.empty();
        return isDurable;
    }

    /** A tool has given it tokens. */
    void given(int[] tokens) {
        journal.ifPresent(file -> file.given(tokens));
    }

    @Override
    public void promptScores(List<GeneratedToken> tokens) {
        listener.promptScores(tokens);
    }

    @Override
    public void token(GeneratedToken token) {
        journal.ifPresent(file -> file.picked(token.token()));
        listener.token(token);
    }

    @Override
    public void answered(String rest) {
        listener.answered(rest);
    }

    @Override
    public void done(String rest, TaskResult result) {
        journal.ifPresent(file -> write(file, result));
        onDone.accept(this, result);
        listener.done(rest, result);
    }

    private static void write(JournalFile file, TaskResult result) {
        try (file) {
            file.ended(result);
        } catch (UncheckedIOException e) {
            // Another process will run the task once more, and come to the same result.
        }
    }
}
