package dev.ondine.models;

import dev.ondine.tensor.KvPages;

/**
 * The rows of one step: each is a token at a position of a sequence, with or without a wish for its logits or its
 * embedding. A prefill chunk, decode rows of many sequences and the tokens of a draft are all just rows.
 */
public final class Batch {

    private final int[] tokens;
    private final int[] positions;
    private final SequenceState[] sequences;
    private final Wish[] wishes;
    private final KvPages[][] pages;
    private int rows;
    private int logitsRows;
    private int embeddingRows;

    /** What a row leaves beside its keys and values. */
    private enum Wish { NOTHING, LOGITS, EMBEDDING }

    /**
     * @param capacity most rows
     * @param layout   of the model that will run it
     */
    public Batch(int capacity, KvLayout layout) {
        tokens = new int[capacity];
        positions = new int[capacity];
        sequences = new SequenceState[capacity];
        wishes = new Wish[capacity];
        pages = new KvPages[layout.groups().size()][capacity];
    }

    /**
     * Adds a token at the sequence's next position.
     *
     * @throws CapacityException if the batch or the cache is full; both stay as they were
     */
    public void add(SequenceState sequence, int token, boolean logitsWanted) {
        add(sequence, token, logitsWanted ? Wish.LOGITS : Wish.NOTHING);
    }

    /**
     * Adds a token whose embedding is wanted: {@link Model#embeddings()} has it after the step. Costs no product with the vocabulary.
     *
     * @throws CapacityException if the batch or the cache is full; both stay as they were
     */
    public void addForEmbedding(SequenceState sequence, int token) {
        add(sequence, token, Wish.EMBEDDING);
    }

    private void add(SequenceState sequence, int token, Wish wish) {
        if (rows == tokens.length) {
            throw new CapacityException("a batch holds at most " + rows + " rows; run it first");
        }
        positions[rows] = sequence.append();
        tokens[rows] = token;
        sequences[rows] = sequence;
        wishes[rows] = wish;
        for (int group = 0; group < pages.length; group++) {
            pages[group][rows] = sequence.pages(group);
        }
        rows++;
        logitsRows += wish == Wish.LOGITS ? 1 : 0;
        embeddingRows += wish == Wish.EMBEDDING ? 1 : 0;
    }

    /** Empties the batch after its step; windows give back what they have passed. */
    public void clear() {
        for (int row = 0; row < rows; row++) {
            sequences[row].releasePassed();
        }
        empty();
    }

    /** Empties the batch without its step: every sequence is as before its rows were added. */
    public void discard() {
        for (int row = rows - 1; row >= 0; row--) {
            sequences[row].truncate(positions[row]);
        }
        empty();
    }

    private void empty() {
        rows = 0;
        logitsRows = 0;
        embeddingRows = 0;
    }

    public int rows() {
        return rows;
    }

    public int capacity() {
        return tokens.length;
    }

    /** How many rows want logits. */
    int logitsRows() {
        return logitsRows;
    }

    boolean wantsLogits(int row) {
        return wishes[row] == Wish.LOGITS;
    }

    /** How many rows want their embedding. */
    int embeddingRows() {
        return embeddingRows;
    }

    boolean wantsEmbedding(int row) {
        return wishes[row] == Wish.EMBEDDING;
    }

    /** Token ids; the first {@link #rows()} count. */
    int[] tokens() {
        return tokens;
    }

    /** Positions; the first {@link #rows()} count. */
    int[] positions() {
        return positions;
    }

    /** Block tables for a group of layers; the first {@link #rows()} count. */
    KvPages[] pages(int group) {
        return pages[group];
    }
}
