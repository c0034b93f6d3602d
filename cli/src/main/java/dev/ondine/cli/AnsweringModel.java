package dev.ondine.cli;

import dev.ondine.api.Answer;
import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.api.OndineTask;
import dev.ondine.api.PromptFormat;
import dev.ondine.api.TaskBuilder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A model with the kernel that runs its tasks: what commands that answer stand on. */
final class AnsweringModel implements AutoCloseable {

    private final Console console;
    private final Ondine ondine;
    private final LocalModel model;

    private AnsweringModel(CommonOptions options, Console console) {
        this.console = console;
        try (PackingProgress progress = new PackingProgress(console)) {
            this.ondine = Ondine.open(options.source(), options.settingsForOne(console).withListener(progress));
        }
        this.model = ondine.model();
        int trained = model.details().contextLength();
        if (options.context(trained) > trained) {
            console.notice("%s was trained for %d tokens of context; beyond that its answers may make no sense".formatted(name(), trained));
        }
    }

    /** The model that the options name, for one answer at a time. */
    static AnsweringModel open(CommonOptions options, Console console) {
        return new AnsweringModel(options, console);
    }

    String name() {
        return model.name();
    }

    LocalModel model() {
        return model;
    }

    TaskBuilder task() {
        return ondine.task();
    }

    /** Tells the user where the model's file does not say how it is spoken to. */
    void requireTemplate() {
        PromptFormat format = model.format();
        if (format.isDefault()) {
            console.notice(name() + " has no chat template, so messages go in ChatML; run --raw gives the model your text alone");
        }
    }

    /** Shows the text of a task as it comes, and waits for its answer. @param show says whether anybody reads it still */
    static Answer read(OndineTask task, Predicate<String> show) {
        AtomicBoolean unread = new AtomicBoolean();
        task.text().filter(_ -> !unread.get()).filter(piece -> !show.test(piece)).forEach(_ -> {
            unread.set(true);
            task.cancel();
        });
        try {
            return task.answer().orThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Duration loadTime() {
        return model.stats().loadTime();
    }

    @Override
    public void close() {
        ondine.close();
    }
}
