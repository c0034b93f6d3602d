package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.AttentionFrame.Field;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;

/**
 * Cuts the rows of an attention into records for the kernels. Neighbouring rows of one sequence share records, so that keys and values
 * are read once for many queries; few rows with many positions are cut into segments, so that there is work for every thread.
 *
 * <p>How it cuts depends on the shapes alone, and changes no result.
 */
final class AttentionPlan {

    /** Items that suffice to keep the threads of any machine busy. */
    private static final int ENOUGH_ITEMS = 32;

    private final int tilePairs;
    private final NativeLongs tables = new NativeLongs();
    private final NativeLongs records = new NativeLongs();
    private final NativeLongs merges = new NativeLongs();
    private KvLayer layer;
    private int[] positions;
    private int group;
    private long rowBytes;
    private long partBytes;
    private int parts;
    private long products;

    AttentionPlan(int tilePairs) {
        this.tilePairs = tilePairs;
    }

    /**
     * Makes the records.
     *
     * @param rows      rows of the batch
     * @param group     query heads per key-value head
     * @param rowBytes  of a row of queries
     * @param partBytes of a partial result
     */
    void make(KvLayer layer, KvPages[] pages, int[] positions, int rows, int group, long rowBytes, long partBytes) {
        this.layer = layer;
        this.positions = positions;
        this.group = group;
        this.rowBytes = rowBytes;
        this.partBytes = partBytes;
        parts = 0;
        products = 0;
        tables.clear();
        records.clear();
        merges.clear();
        int items = 0;
        for (int row = 0; row < rows; ) {
            int end = runEnd(pages, row, rows);
            addTable(pages[row], row, end);
            items += Math.ceilDiv((end - row) * group, AttentionFrame.PAIRS) * layer.kvHeads();
            row = end;
        }
        boolean isCut = items < ENOUGH_ITEMS;
        long table = tables.publish();
        for (int row = 0; row < rows; ) {
            int end = runEnd(pages, row, rows);
            addRun(row, end, table, isCut);
            table += Long.BYTES * (positions[end - 1] / AttentionFrame.BLOCK - firstBlock(row) + 2L);
            row = end;
        }
    }

    /** Behind the rows that continue the sequence of this one. */
    private int runEnd(KvPages[] pages, int row, int rows) {
        int end = row + 1;
        while (end < rows && pages[end] == pages[row] && positions[end] == positions[end - 1] + 1) {
            end++;
        }
        return end;
    }

    private int firstBlock(int row) {
        return layer.firstVisible(positions[row]) / AttentionFrame.BLOCK;
    }

    /** One entry more than there are blocks: the kernel prefetches one block ahead. */
    private void addTable(KvPages pages, int row, int end) {
        int last = positions[end - 1] / AttentionFrame.BLOCK;
        for (int block = firstBlock(row); block <= last; block++) {
            tables.add(pages.block(block).address());
        }
        tables.add(0);
    }

    private void addRun(int row, int end, long table, boolean isCut) {
        int pairs = (end - row) * group;
        int most = isCut ? tilePairs : AttentionFrame.PAIRS;
        long tableOfBlock0 = table - (long) firstBlock(row) * Long.BYTES;
        for (int pair = 0; pair < pairs; pair += most) {
            addPairs(row, pair, Math.min(most, pairs - pair), tableOfBlock0, isCut);
        }
    }

    private void addPairs(int row, int pair, int count, long table, boolean isCut) {
        int from = layer.firstVisible(positions[row + pair / group]);
        int end = positions[row + (pair + count - 1) / group] + 1;
        int segment = from / AttentionFrame.SEGMENT;
        int segments = (end - 1) / AttentionFrame.SEGMENT + 1 - segment;
        products += (long) count * (end - from);
        if (!isCut || segments == 1) {
            addRecord(records, row, pair, count, table, from, end, 0);
            return;
        }
        addRecord(merges, row, pair, count, table, from, end, segments);
        for (int i = segment; i < segment + segments; i++, parts++) {
            int first = Math.max(from, i * AttentionFrame.SEGMENT);
            addRecord(records, row, pair, count, table, first, Math.min(end, (i + 1) * AttentionFrame.SEGMENT), 1);
        }
    }

    private void addRecord(NativeLongs target, int row, int pair, int count, long table, int from, int end, int parts) {
        int at = target.addRoom(AttentionFrame.RECORD_LONGS);
        target.set(at + Field.TABLE.index(), table);
        target.set(at + Field.FROM.index(), from);
        target.set(at + Field.END.index(), end);
        target.set(at + Field.ALL_FROM.index(), layer.firstVisible(positions[row + (pair + count - 1) / group]));
        target.set(at + Field.ALL_END.index(), positions[row + pair / group] + 1L);
        target.set(at + Field.PAIR_COUNT.index(), count);
        target.set(at + Field.PARTS.index(), parts);
        target.set(at + Field.PARTIAL.index(), this.parts * partBytes);
        for (int i = 0; i < count; i++) {
            int pairRow = row + (pair + i) / group;
            int head = (pair + i) % group;
            target.set(at + Field.OFFSETS.index() + i, pairRow * rowBytes + (long) head * layer.headDim() * Float.BYTES);
            target.set(at + Field.LASTS.index() + i, positions[pairRow]);
            target.set(at + Field.FIRSTS.index() + i, layer.firstVisible(positions[pairRow]));
        }
    }

    NativeLongs records() {
        return records;
    }

    /** Records whose partial results are to be added up. */
    NativeLongs merges() {
        return merges;
    }

    /** Partial results for each key-value head. */
    int parts() {
        return parts;
    }

    /** Pairs times positions, of one key-value head. */
    long products() {
        return products;
    }
}
