package dev.ondine.engine;

import dev.ondine.models.Batch;
import dev.ondine.models.KvBlockPool;
import dev.ondine.models.Model;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.Matrix;
import java.lang.foreign.Arena;

/**
 * Runs batches through a model: fill {@link #batch()}, call {@link #run()}, read the logits. Owns the cache and the logits, borrows
 * the model. One thread uses it at a time.
 */
public final class Runner implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Model model;
    private final KvBlockPool cache;
    private final Batch batch;
    private final Matrix logits;
    private final int contextLength;

    /**
     * @param contextLength most positions of one sequence
     * @param sequences     sequences of that length that the cache has room for
     * @param batchRows     most rows of a step; at most what the model was loaded for
     * @param logitsRows    most rows of a step that want logits
     */
    public Runner(Model model, int contextLength, int sequences, int batchRows, int logitsRows) {
        this.model = model;
        this.contextLength = contextLength;
        var layout = model.facts().kvLayout();
        // One spare block per sequence and group: a fork copies the block it writes to.
        long spare = layout.bytesFor(1, 1);
        this.cache = new KvBlockPool(layout, Math.multiplyExact(sequences, layout.bytesFor(contextLength, batchRows) + spare));
        this.batch = new Batch(batchRows, layout);
        this.logits = Matrix.allocate(arena, logitsRows, model.facts().vocabSize());
    }

    public Model model() {
        return model;
    }

    /** Most positions of one sequence. */
    public int contextLength() {
        return contextLength;
    }

    /** The cache that every sequence of this runner lives in. */
    public KvBlockPool cache() {
        return cache;
    }

    /** An empty sequence; the caller closes it. */
    public SequenceState newSequence() {
        return cache.newSequence();
    }

    /** The rows of the next step. */
    public Batch batch() {
        return batch;
    }

    /**
     * Runs the batch and empties it. If that fails, its sequences are as before their rows were added.
     *
     * @return logits [wanted row, vocab], valid until the next call
     */
    public Matrix run() {
        try {
            model.forward(batch, logits);
        } catch (RuntimeException | Error e) {
            batch.discard();
            throw e;
        }
        batch.clear();
        return logits;
    }

    @Override
    public void close() {
        cache.close();
        arena.close();
    }
}
