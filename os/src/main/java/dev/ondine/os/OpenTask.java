package dev.ondine.os;

import dev.ondine.engine.GeneratedToken;
import java.util.List;
import java.util.function.BiConsumer;

/** A task on its way through the kernel: what its content tells passes here, on to whoever submitted it. */
final class OpenTask implements TaskListener {

    private final TaskListener listener;
    private final BiConsumer<OpenTask, TaskResult> onDone;
    private Task task;
    private Work work;
    private Content content;

    /** @param onDone told of the end, before the listener */
    OpenTask(TaskListener listener, BiConsumer<OpenTask, TaskResult> onDone) {
        this.listener = listener;
        this.onDone = onDone;
    }

    /** Called once, before anything is told. */
    void set(Task newTask, Work newWork, Content newContent) {
        task = newTask;
        work = newWork;
        content = newContent;
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

    @Override
    public void promptScores(List<GeneratedToken> tokens) {
        listener.promptScores(tokens);
    }

    @Override
    public void token(GeneratedToken token) {
        listener.token(token);
    }

    @Override
    public void answered(String rest) {
        listener.answered(rest);
    }

    @Override
    public void done(String rest, TaskResult result) {
        onDone.accept(this, result);
        listener.done(rest, result);
    }
}
