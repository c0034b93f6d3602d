package dev.ondine.models;

import dev.ondine.tensor.KvPages;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * What a sequence leaves in memory: for each group of layers a table of cache blocks. Forks share blocks until one of them
 * writes. Holds references into its pool; close it to give them back.
 */
public final class SequenceState implements AutoCloseable {

    /** How far {@link #truncate} can always go back, windows notwithstanding. */
    public static final int ROLLBACK_POSITIONS = 64;

    private final KvBlockPool pool;
    private final KvTable[] tables;
    private int length;
    /** Windows give nothing back that a cut to this length needs. */
    private int retainedLength = Integer.MAX_VALUE - ROLLBACK_POSITIONS;

    SequenceState(KvBlockPool pool) {
        this.pool = pool;
        this.tables = new KvTable[pool.layout().groups().size()];
        Arrays.setAll(tables, group -> new KvTable(pool, group));
    }

    /** Positions taken so far; the next token gets this position. */
    public int length() {
        return length;
    }

    /** The block table of a group of layers. */
    KvPages pages(int group) {
        return tables[group];
    }

    KvTable table(int group) {
        return tables[group];
    }

    KvBlockPool pool() {
        return pool;
    }

    /** Bytes of the blocks that it refers to, shared ones included. */
    public long heldBytes() {
        return Arrays.stream(tables).mapToLong(KvTable::heldBytes).sum();
    }

    /** Bytes that closing it would give back: of the blocks that nobody else holds. */
    public long ownBytes() {
        return Arrays.stream(tables).mapToLong(KvTable::ownBytes).sum();
    }

    /** Bytes that it takes from the pool for so many more positions, the copy of a shared block included. */
    public long bytesToGrow(int positions) {
        return Arrays.stream(tables).mapToLong(table -> table.bytesToGrow(length, positions)).sum();
    }

    /**
     * Makes room for the next position and takes it.
     *
     * @return the position
     * @throws CapacityException if the pool is full; the sequence is as before
     */
    int append() {
        try {
            for (KvTable table : tables) {
                table.makeWritable(length / KvLayout.BLOCK_POSITIONS);
            }
        } catch (CapacityException e) {
            cutTables(length);
            throw e;
        }
        return length++;
    }

    /**
     * A second sequence with the same past; costs no copy until one of the two writes into a shared block. Fork between steps:
     * rows of this sequence that wait in a batch are not part of the past yet.
     */
    public SequenceState fork() {
        SequenceState fork = new SequenceState(pool);
        for (int group = 0; group < tables.length; group++) {
            fork.tables[group].shareFrom(tables[group]);
        }
        fork.length = length;
        return fork;
    }

    /**
     * Shares the blocks of another sequence of the same pool and gives its own back: of two sequences that computed the same, one copy
     * stays.
     *
     * @param prefix a sequence of the same tokens, as far as it goes; whole blocks, at most as long as this one
     * @throws IllegalArgumentException if it is longer, or ends within a block
     */
    public void adopt(SequenceState prefix) {
        if (prefix.length > length || prefix.length % KvLayout.BLOCK_POSITIONS != 0) {
            throw new IllegalArgumentException("a sequence of %d positions shares whole blocks of a shorter one, not %d positions"
                    .formatted(length, prefix.length));
        }
        for (int group = 0; group < tables.length; group++) {
            tables[group].adopt(prefix.tables[group]);
        }
    }

    /**
     * Forgets everything from this position on.
     *
     * @throws IllegalArgumentException if the sequence is shorter, or a window has already given up what the shorter one must see
     */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length || !canTruncate(newLength)) {
            throw new IllegalArgumentException("cannot cut a sequence of %d positions to %d".formatted(length, newLength));
        }
        length = newLength;
        cutTables(newLength);
    }

    private void cutTables(int newLength) {
        for (KvTable table : tables) {
            table.releaseFrom(Math.ceilDiv(newLength, KvLayout.BLOCK_POSITIONS));
        }
    }

    /** Whether all that a sequence of this length must see is still there. */
    public boolean canTruncate(int newLength) {
        return newLength == 0 || Arrays.stream(tables).allMatch(table -> table.sees(newLength));
    }

    /** Keeps what {@link #truncate} to this length needs until {@link #retainNothing}, however far the sequence goes on. */
    public void retain(int lengthToCutTo) {
        retainedLength = lengthToCutTo;
    }

    /** Windows give back again what they have passed. */
    public void retainNothing() {
        retainedLength = Integer.MAX_VALUE - ROLLBACK_POSITIONS;
    }

    /**
     * Writes it, exactly, for {@link KvBlockPool#read} of a pool of the same model: a header, then block after block.
     *
     * @return bytes written
     * @throws IOException if the channel fails; the sequence is unharmed
     */
    public long write(WritableByteChannel channel) throws IOException {
        return SequenceFile.write(this, channel);
    }

    /** Takes blocks for another sequence's length, as that holds them; contents are yet to come. This one is empty. */
    void fill(int[] firsts, int newLength) {
        for (int group = 0; group < tables.length; group++) {
            tables[group].fill(firsts[group], Math.ceilDiv(newLength, KvLayout.BLOCK_POSITIONS));
        }
        length = newLength;
    }

    /** Gives back blocks that every window has passed. Call after a step, not between the rows of one. */
    void releasePassed() {
        for (KvTable table : tables) {
            table.releasePassed(Math.min(length, retainedLength + ROLLBACK_POSITIONS));
        }
    }

    @Override
    public void close() {
        for (KvTable table : tables) {
            table.releaseFrom(0);
        }
        length = 0;
    }
}
