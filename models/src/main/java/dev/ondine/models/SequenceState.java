package dev.ondine.models;

import dev.ondine.tensor.KvPages;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a sequence leaves in memory: for each group of layers a table of cache blocks. Forks share blocks until one of them
 * writes. Holds references into its pool; close it to give them back.
 */
public final class SequenceState implements AutoCloseable {

    /** How far {@link #truncate} can always go back, windows notwithstanding. */
    public static final int ROLLBACK_POSITIONS = 64;

    private final KvBlockPool pool;
    private final Table[] tables;
    private int length;

    SequenceState(KvBlockPool pool) {
        this.pool = pool;
        this.tables = new Table[pool.layout().groups().size()];
        Arrays.setAll(tables, Table::new);
    }

    /** Positions taken so far; the next token gets this position. */
    public int length() {
        return length;
    }

    /** The block table of a group of layers. */
    KvPages pages(int group) {
        return tables[group];
    }

    /**
     * Makes room for the next position and takes it.
     *
     * @return the position
     * @throws CapacityException if the pool is full; the sequence is as before
     */
    int append() {
        for (Table table : tables) {
            table.makeWritable(length / KvLayout.BLOCK_POSITIONS);
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
     * Forgets everything from this position on.
     *
     * @throws IllegalArgumentException if the sequence is shorter, or a window has already given up what the shorter one must see
     */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length || !canTruncate(newLength)) {
            throw new IllegalArgumentException("cannot cut a sequence of %d positions to %d".formatted(length, newLength));
        }
        length = newLength;
        for (Table table : tables) {
            table.releaseFrom(Math.ceilDiv(newLength, KvLayout.BLOCK_POSITIONS));
        }
    }

    /** Whether all that a sequence of this length must see is still there. */
    public boolean canTruncate(int newLength) {
        return newLength == 0 || Arrays.stream(tables).allMatch(table -> table.sees(newLength));
    }

    /** Gives back blocks that every window has passed. Call after a step, not between the rows of one. */
    void releasePassed() {
        for (Table table : tables) {
            table.releasePassed();
        }
    }

    @Override
    public void close() {
        for (Table table : tables) {
            table.releaseFrom(0);
        }
        length = 0;
    }

    /** The blocks of one group, in order of position; null where a window has passed. */
    private final class Table implements KvPages {

        private final int group;
        private final int window;
        private KvBlock[] blocks = new KvBlock[4];
        private int first;
        private int end;

        Table(int group) {
            this.group = group;
            this.window = pool.layout().groups().get(group).window();
        }

        @Override
        public MemorySegment block(int index) {
            if (index < first || index >= end) {
                throw new IndexOutOfBoundsException("block %d of a table that holds [%d, %d)".formatted(index, first, end));
            }
            return blocks[index].data;
        }

        void makeWritable(int index) {
            if (index < end) {
                blocks[index] = pool.exclusive(blocks[index]);
                return;
            }
            KvBlock block = pool.take(group);
            if (index == blocks.length) {
                blocks = Arrays.copyOf(blocks, 2 * blocks.length);
            }
            blocks[index] = block;
            end = index + 1;
        }

        void shareFrom(Table other) {
            blocks = other.blocks.clone();
            first = other.first;
            end = other.end;
            for (int index = first; index < end; index++) {
                pool.share(blocks[index]);
            }
        }

        boolean sees(int newLength) {
            return window == 0 || Math.max(0, newLength - window + 1) / KvLayout.BLOCK_POSITIONS >= first;
        }

        void releasePassed() {
            int oldestNeeded = window == 0 ? 0 : Math.max(0, length - ROLLBACK_POSITIONS - window + 1);
            while ((first + 1) * KvLayout.BLOCK_POSITIONS <= oldestNeeded) {
                pool.release(blocks[first]);
                blocks[first++] = null;
            }
        }

        void releaseFrom(int index) {
            while (end > Math.max(index, first)) {
                pool.release(blocks[--end]);
                blocks[end] = null;
            }
            if (index <= first) {
                first = index;
                end = index;
            }
        }
    }
}
