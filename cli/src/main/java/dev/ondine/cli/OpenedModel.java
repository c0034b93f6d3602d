package dev.ondine.cli;

import dev.ondine.api.PromptFormat;
import dev.ondine.api.start.CacheSettings;
import dev.ondine.api.start.StartedModel;
import dev.ondine.engine.Runner;
import dev.ondine.files.GgufFile;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A model ready to run, with all that it stands on: the one place where the parts of the program are put together. */
final class OpenedModel implements AutoCloseable {

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final WorkerTeam team;
    private final StartedModel model;
    private final Runner runner;
    private final Duration loadTime;

    private OpenedModel(CommonOptions options, int sequences, Console console) {
        long startNanos = System.nanoTime();
        int rows = Math.max(StartedModel.BATCH_ROWS, sequences);
        try (PackingProgress progress = new PackingProgress(console)) {
            team = options.newTeam();
            owned.push(team::close);
            model = new StartedModel(options.openFile(), new StartedModel.Settings(options.kernels(), options.kvFormat(), rows,
                    CacheSettings.found(console.environment())), team, progress);
            owned.push(model::close);
            runner = new Runner(model.model(), context(options, console), sequences, rows, sequences);
            owned.push(runner::close);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        loadTime = Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The model that the options name, for one sequence at a time. */
    static OpenedModel open(CommonOptions options, Console console) {
        return new OpenedModel(options, 1, console);
    }

    /** The same for several sequences that decode together. */
    static OpenedModel open(CommonOptions options, int sequences, Console console) {
        return new OpenedModel(options, sequences, console);
    }

    private int context(CommonOptions options, Console console) {
        int trained = model.model().facts().contextLength();
        int wanted = options.context(trained);
        if (wanted > trained) {
            console.notice("%s was trained for %d tokens of context; beyond that its answers may make no sense"
                    .formatted(name(), trained));
        }
        return wanted;
    }

    GgufFile file() {
        return model.file();
    }

    String name() {
        return model.file().name();
    }

    WorkerTeam team() {
        return team;
    }

    Kernels kernels() {
        return model.kernels().kernels();
    }

    /** Waits until the model runs as fast as it will; it can be used before. */
    void settle() {
        model.kernels().settle();
    }

    /** The kernels' description without the number of threads. */
    String kernelKind() {
        String description = kernels().description();
        int comma = description.indexOf(',');
        return comma < 0 ? description : description.substring(0, comma);
    }

    /** How it is spoken to; tells the user where its file does not say. */
    PromptFormat format(Console console) {
        PromptFormat format = PromptFormat.of(file().metadata(), tokenizer());
        if (format.isDefault()) {
            console.notice(name() + " has no chat template, so messages go in ChatML; run --raw gives the model your text alone");
        }
        return format;
    }

    Tokenizer tokenizer() {
        return model.tokenizer();
    }

    Runner runner() {
        return runner;
    }

    Duration loadTime() {
        return loadTime;
    }

    /** What was opened last goes first. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().run();
        }
    }
}
