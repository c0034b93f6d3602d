package dev.ondine.cli;

import dev.ondine.engine.Runner;
import dev.ondine.files.GgufFile;
import dev.ondine.models.LoadedModel;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A model ready to run, with all that it stands on: the one place where the parts of the program are put together. */
final class OpenedModel implements AutoCloseable {

    /** Most prompt tokens of one step: enough to use a weight often once it is read, few enough to be interrupted soon. */
    static final int BATCH_ROWS = 512;

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final GgufFile file;
    private final WorkerTeam team;
    private final ChosenKernels kernels;
    private final LoadedModel model;
    private final Tokenizer tokenizer;
    private final Runner runner;
    private final Duration loadTime;

    private OpenedModel(CommonOptions options, int sequences, Console console) {
        long startNanos = System.nanoTime();
        try {
            file = options.openFile();
            owned.push(file::close);
            team = options.newTeam();
            owned.push(team::close);
            kernels = ChosenKernels.of(options.kernels(), file, team, console);
            owned.push(kernels::close);
            model = LoadedModel.of(file, kernels.kernels(), Math.max(BATCH_ROWS, sequences), options.kvFormat());
            owned.push(model::close);
            kernels.loaded();
            tokenizer = Tokenizer.of(file.metadata());
            runner = new Runner(model, context(options, console), sequences, Math.max(BATCH_ROWS, sequences), sequences);
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
        int trained = model.facts().contextLength();
        int wanted = options.context(trained);
        if (wanted > trained) {
            console.notice("%s was trained for %d tokens of context; beyond that its answers may make no sense"
                    .formatted(file.name(), trained));
        }
        return wanted;
    }

    GgufFile file() {
        return file;
    }

    String name() {
        return file.name();
    }

    WorkerTeam team() {
        return team;
    }

    Kernels kernels() {
        return kernels.kernels();
    }

    /** Waits until the model runs as fast as it will; it can be used before. */
    void settle() {
        kernels.settle();
    }

    /** The kernels' description without the number of threads. */
    String kernelKind() {
        String description = kernels.kernels().description();
        int comma = description.indexOf(',');
        return comma < 0 ? description : description.substring(0, comma);
    }

    Tokenizer tokenizer() {
        return tokenizer;
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
