package dev.ondine.models;

import dev.ondine.tensor.KvPages;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The blocks of one sequence and one group of layers, in order of position; null where a window has passed. */
final class KvTable implements KvPages {

    private final KvBlockPool pool;
    private final int group;
    private final int window;
    private final long blockBytes;
    private KvBlock[] blocks = new KvBlock[4];
    private int first;
    private int end;

    KvTable(KvBlockPool pool, int group) {
        this.pool = pool;
        this.group = group;
        this.window = pool.layout().groups().get(group).window();
        this.blockBytes = pool.layout().groups().get(group).blockBytes();
    }

    @Override
    public MemorySegment block(int index) {
        if (index < first || index >= end) {
            throw new IndexOutOfBoundsException("block %d of a table that holds [%d, %d)".formatted(index, first, end));
        }
        return blocks[index].data;
    }

    /** Index of the first block that is held. */
    int first() {
        return first;
    }

    /** Index after the last block. */
    int end() {
        return end;
    }

    long heldBytes() {
        return (end - first) * blockBytes;
    }

    /** Bytes of blocks that nobody else holds. */
    long ownBytes() {
        long own = 0;
        for (int index = first; index < end; index++) {
            own += blocks[index].references == 1 ? blockBytes : 0;
        }
        return own;
    }

    /** Bytes of blocks that must be taken for so many positions behind the first {@code length}. */
    long bytesToGrow(int length, int positions) {
        long taken = Math.ceilDiv((long) length + positions, KvLayout.BLOCK_POSITIONS) - end;
        boolean copies = positions > 0 && length % KvLayout.BLOCK_POSITIONS != 0 && blocks[end - 1].references > 1;
        return (Math.max(0, taken) + (copies ? 1 : 0)) * blockBytes;
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

    /** Takes blocks for an empty table, their contents yet to come. */
    void fill(int newFirst, int newEnd) {
        blocks = new KvBlock[Math.max(blocks.length, newEnd)];
        first = newFirst;
        for (end = newFirst; end < newEnd; end++) {
            blocks[end] = pool.take(group);
        }
    }

    void shareFrom(KvTable other) {
        blocks = other.blocks.clone();
        first = other.first;
        end = other.end;
        for (int index = first; index < end; index++) {
            pool.share(blocks[index]);
        }
    }

    /** Refers to the other's blocks instead of its own, as far as both reach. */
    void adopt(KvTable other) {
        for (int index = Math.max(first, other.first); index < Math.min(end, other.end); index++) {
            if (blocks[index] != other.blocks[index]) {
                pool.release(blocks[index]);
                blocks[index] = pool.share(other.blocks[index]);
            }
        }
    }

    /** Whether a sequence cut to this length finds all that it must see. */
    boolean sees(int newLength) {
        return pool.layout().groups().get(group).firstNeeded(newLength) >= first;
    }

    void releasePassed(int length) {
        int oldestNeeded = window == 0 ? 0 : Math.max(0, length - SequenceState.ROLLBACK_POSITIONS - window + 1);
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
