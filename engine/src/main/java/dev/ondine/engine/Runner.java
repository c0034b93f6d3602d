package dev.ondine.engine;

import dev.ondine.models.Batch;
import dev.ondine.models.CapacityException;
import dev.ondine.models.KvBlockPool;
import dev.ondine.models.Model;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.Matrix;
import java.lang.foreign.Arena;

/**
 * Runs batches through a model: {@link #add} rows, {@link #run} the step, read the logits. Owns the cache and the logits, borrows
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
        this(model, contextLength, Math.multiplyExact(sequences, bytesFor(model, contextLength, batchRows)), batchRows, logitsRows);
    }

    private Runner(Model model, int contextLength, long cacheBytes, int batchRows, int logitsRows) {
        this.model = model;
        this.contextLength = contextLength;
        this.cache = model.newCache(cacheBytes);
        this.batch = new Batch(batchRows, model.facts().kvLayout());
        this.logits = Matrix.allocate(arena, logitsRows, model.facts().vocabSize());
    }

    /**
     * A runner whose sequences share so much memory, however many they are.
     *
     * @param cacheBytes of all sequences together
     * @throws IllegalArgumentException if not even one whole context fits
     */
    public static Runner withCache(Model model, int contextLength, long cacheBytes, int batchRows, int logitsRows) {
        long one = bytesFor(model, contextLength, batchRows);
        if (cacheBytes < one) {
            throw new IllegalArgumentException(("KV memory of %,d bytes does not hold one context of %d tokens, which takes %,d; give more, "
                    + "or a shorter context").formatted(cacheBytes, contextLength, one));
        }
        return new Runner(model, contextLength, cacheBytes, batchRows, logitsRows);
    }

    /** Memory of one sequence at most. */
    public static long bytesFor(Model model, int contextLength, int batchRows) {
        var layout = model.facts().kvLayout();
        // One spare block per group: a fork copies the block it writes to.
        return Math.addExact(layout.bytesFor(contextLength, batchRows), layout.bytesFor(1, 1));
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

    /**
     * Adds a row to the next step.
     *
     * @throws CapacityException if there is no room for it; then all rows that wait are undone
     */
    public void add(SequenceState sequence, int token, boolean logitsWanted) {
        try {
            batch.add(sequence, token, logitsWanted);
        } catch (CapacityException e) {
            batch.discard();
            throw e;
        }
    }

    /**
     * Adds a row to the next step whose embedding is wanted.
     *
     * @throws CapacityException if there is no room for it; then all rows that wait are undone
     */
    public void addForEmbedding(SequenceState sequence, int token) {
        try {
            batch.addForEmbedding(sequence, token);
        } catch (CapacityException e) {
            batch.discard();
            throw e;
        }
    }

    /**
     * Runs the batch and empties it. If that fails, its sequences are as before their rows were added.
     *
     * @return logits [wanted row, vocab], valid until the next step
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

    /**
     * Checks a prompt before anything is done with it.
     *
     * @throws IllegalArgumentException if it is empty or holds an id outside the vocabulary
     * @throws CapacityException        if it does not fit the context
     */
    public void requireReadable(int[] prompt) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        if (prompt.length > contextLength) {
            throw new CapacityException("the prompt has %d tokens, the context holds %d; shorten it or ask for a longer context"
                    .formatted(prompt.length, contextLength));
        }
        int vocabSize = model.facts().vocabSize();
        for (int token : prompt) {
            if (token < 0 || token >= vocabSize) {
                throw new IllegalArgumentException("token %d is not in the vocabulary, expected 0 to %d".formatted(token, vocabSize - 1));
            }
        }
    }

    /**
     * Appends as many tokens of a prompt as one step takes. Callers go on until all are read and may stop between; the step that
     * takes the last token leaves its logits.
     *
     * @param from index of the first token to append
     * @return index of the first token that is left
     * @throws CapacityException if the cache is full; the sequence is as before the call
     */
    public int read(SequenceState sequence, int[] prompt, int from) {
        int end = Math.min(prompt.length, from + batch.capacity());
        for (int next = from; next < end; next++) {
            add(sequence, prompt[next], next == prompt.length - 1);
        }
        run();
        return end;
    }

    /** Logits [wanted row, vocab] of the last step. */
    public Matrix logits() {
        return logits;
    }

    /** Embeddings [wanted row, modelDim] of the last step. */
    public Matrix embeddings() {
        return model.embeddings();
    }

    @Override
    public void close() {
        cache.close();
        arena.close();
    }
}
