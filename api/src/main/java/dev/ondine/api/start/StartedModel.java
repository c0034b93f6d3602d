package dev.ondine.api.start;

import dev.ondine.files.GgufFile;
import dev.ondine.kernels.panel.PackingListener;
import dev.ondine.kernels.panel.WeightCache;
import dev.ondine.models.LoadedModel;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import dev.ondine.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A model file with kernels, weights and tokenizer, ready to run. Owns all of them; borrows the team. */
public final class StartedModel implements AutoCloseable {

    /** Most prompt tokens of one step: enough to use a weight often once it is read, few enough to be interrupted soon. */
    public static final int BATCH_ROWS = 512;

    private final Deque<Runnable> owned = new ArrayDeque<>();
    private final GgufFile file;
    private final ChosenKernels kernels;
    private final LoadedModel model;
    private final Tokenizer tokenizer;

    /**
     * @param file closed with the model, also if this fails
     * @throws dev.ondine.files.ModelFileException if the file does not hold a model that is known here
     * @throws IllegalArgumentException            if the kernels that were asked for do not run here
     */
    public StartedModel(GgufFile file, Settings settings, WorkerTeam team, PackingListener listener) {
        this.file = file;
        owned.push(file::close);
        try {
            kernels = ChosenKernels.of(settings.kernels, file, team, settings.cache, listener);
            owned.push(kernels::close);
            model = LoadedModel.of(file, kernels.kernels(), settings.batchRows, settings.kvFormat);
            owned.push(model::close);
            kernels.loaded();
            tokenizer = Tokenizer.of(file.metadata());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * How a model is to run.
     *
     * @param kvFormat  of keys and values; empty for what suits the weights
     * @param batchRows most rows of one step
     * @param cache     of packed weights; empty for none
     */
    public record Settings(KernelChoice kernels, Optional<NumberFormat> kvFormat, int batchRows, Optional<WeightCache> cache) {
    }

    public GgufFile file() {
        return file;
    }

    public ChosenKernels kernels() {
        return kernels;
    }

    public LoadedModel model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** What was opened last goes first. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().run();
        }
    }
}
