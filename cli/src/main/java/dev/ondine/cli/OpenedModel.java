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
    static final int BATCH_ROWS = 128;

    /**
     * For one answer of a model up to this size, compiling vector code takes longer than it saves. Measured at 6 MB only: 0.5 s
     * against 0.9 s for 20 tokens, 1.3 s against 1.4 s for 150.
     */
    private static final long BRIEF_BYTES = 16L << 20;

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final GgufFile file;
    private final WorkerTeam team;
    private final Kernels kernels;
    private final LoadedModel model;
    private final Tokenizer tokenizer;
    private final Runner runner;
    private final Duration loadTime;

    private OpenedModel(CommonOptions options, int sequences, boolean oneAnswer, Console console) {
        long startNanos = System.nanoTime();
        try {
            file = options.openFile();
            owned.push(file::close);
            team = options.newTeam();
            owned.push(team::close);
            kernels = options.kernels().create(team, oneAnswer && file.bytes() <= BRIEF_BYTES, console);
            model = LoadedModel.of(file, kernels, Math.max(BATCH_ROWS, sequences));
            owned.push(model::close);
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
        return new OpenedModel(options, 1, false, console);
    }

    /** The same for several sequences that decode together. */
    static OpenedModel open(CommonOptions options, int sequences, Console console) {
        return new OpenedModel(options, sequences, false, console);
    }

    /** The same for a program that ends after one answer. */
    static OpenedModel openForOneAnswer(CommonOptions options, Console console) {
        return new OpenedModel(options, 1, true, console);
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
        return kernels;
    }

    /** The kernels' description without the number of threads. */
    String kernelKind() {
        String description = kernels.description();
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
