package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.AttentionFrame.Argument;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * The cache's writer and attention over it, in machine code. The operands are checked.
 *
 * <p>Inside a block a head's keys lie as [channel, position], its values as [position, channel]; for Q8_0 see
 * {@link StoreQuantKvCode}.
 */
final class MachineAttention {

    private static final List<NumberFormat> FORMATS = List.of(NumberFormat.F16, NumberFormat.F32, NumberFormat.Q8_0);
    /** Fewer multiplications than this are not worth a second worker: about a microsecond. */
    private static final long SHARE_PRODUCTS = 1 << 16;
    /** Rows that one worker stores at once: those of a block share cache lines. */
    private static final int STORE_ROWS = AttentionFrame.BLOCK;

    private final Isa isa;
    private final WorkerTeam team;
    private final MachineCode[] attend = new MachineCode[FORMATS.size()];
    private final MachineCode[] store = new MachineCode[FORMATS.size()];
    private final MachineCode merge;
    private final AttentionPlan plan;
    private final MemorySegment edges = edges();
    private final NativeMemory partials = new NativeMemory();
    private final NativeLongs places = new NativeLongs();
    private final NativeMemory[] frames;
    private final long[][] frameArguments;
    private final long[] arguments = new long[Argument.SAVED_R12.ordinal()];
    private final long[] storeArguments = new long[StoreKvCode.Argument.NUMBERS.ordinal()];
    private final WorkerTeam.Work runShare = this::runShare;
    private final WorkerTeam.Work storeShare = this::storeShare;
    private MachineCode running;
    private int recordCount;
    private int rowFloats;

    /**
     * @param memory holds the pieces of {@link #codes}
     * @param first  index of the first of them
     */
    MachineAttention(Isa isa, CodeMemory memory, int first, WorkerTeam team) {
        this.isa = isa;
        this.team = team;
        plan = new AttentionPlan(AttentionFrame.tilePairs(isa));
        for (int i = 0; i < attend.length; i++) {
            attend[i] = memory.code(first + 2 * i);
            store[i] = memory.code(first + 2 * i + 1);
        }
        merge = memory.code(first + 2 * attend.length);
        frames = new NativeMemory[team.size()];
        frameArguments = new long[team.size()][arguments.length];
        for (int worker = 0; worker < frames.length; worker++) {
            frames[worker] = new NativeMemory();
        }
    }

    /** The pieces of machine code that it needs. */
    static List<byte[]> codes(Isa isa) {
        List<byte[]> pieces = new ArrayList<>();
        for (NumberFormat format : FORMATS) {
            pieces.add(new AttendCode(isa, format).generate());
            pieces.add(format == NumberFormat.Q8_0 ? new StoreQuantKvCode(isa).generate() : new StoreKvCode(isa, format).generate());
        }
        pieces.add(new MergeCode(isa).generate());
        return pieces;
    }

    private static MemorySegment edges() {
        MemorySegment edges = Arena.ofAuto().allocate(3L * AttentionFrame.BLOCK * Float.BYTES, 64);
        for (int i = 0; i < 3 * AttentionFrame.BLOCK; i++) {
            boolean inside = i / AttentionFrame.BLOCK == 1;
            edges.setAtIndex(ValueLayout.JAVA_FLOAT, i, inside ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
        }
        return edges;
    }

    /** Whether these kernels work on such a cache; where not, other ones must write and read it. */
    boolean supports(KvLayer layer) {
        return FORMATS.contains(layer.format()) && layer.blockPositions() == AttentionFrame.BLOCK
                && (isa.isAvx512() || layer.headDim() >= isa.lanes());
    }

    void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        requireSupported(layer);
        if (keys.rows() == 0) {
            return;
        }
        places.clear();
        for (int row = 0; row < keys.rows(); row++) {
            places.add(pages[row].block(positions[row] / AttentionFrame.BLOCK).address());
            places.add(positions[row] % AttentionFrame.BLOCK);
        }
        rowFloats = keys.columns();
        set(StoreKvCode.Argument.KEYS, keys.data().address());
        set(StoreKvCode.Argument.VALUES, values.data().address());
        set(StoreKvCode.Argument.PLACES, places.publish());
        set(StoreKvCode.Argument.KV_HEADS, layer.kvHeads());
        set(StoreKvCode.Argument.HEAD_DIM, layer.headDim());
        set(StoreKvCode.Argument.KEYS_OFFSET, layer.keysOffsetBytes());
        set(StoreKvCode.Argument.VALUES_OFFSET, layer.valuesOffsetBytes());
        set(StoreKvCode.Argument.HEAD_SHARE, layer.keyBytes() / layer.kvHeads());
        set(StoreKvCode.Argument.ROW_BYTES, layer.format().bytes(layer.headDim()));
        running = store[FORMATS.indexOf(layer.format())];
        team.split(keys.rows(), STORE_ROWS, storeShare);
        Reference.reachabilityFence(this);
    }

    private void set(StoreKvCode.Argument argument, long value) {
        storeArguments[argument.ordinal()] = value;
    }

    private void storeShare(int worker, int from, int to) {
        long[] mine = frameArguments[worker];
        System.arraycopy(storeArguments, 0, mine, 0, storeArguments.length);
        mine[StoreKvCode.Argument.KEYS.ordinal()] += (long) from * rowFloats * Float.BYTES;
        mine[StoreKvCode.Argument.VALUES.ordinal()] += (long) from * rowFloats * Float.BYTES;
        mine[StoreKvCode.Argument.PLACES.ordinal()] += (long) from * 2 * Long.BYTES;
        mine[StoreKvCode.Argument.ROWS.ordinal()] = to - from;
        frames[worker].reserve(AttentionFrame.END);
        running.call(frames[worker].put(mine, storeArguments.length));
    }

    void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, float scale, float softcap, Matrix output) {
        requireSupported(layer);
        if (queries.rows() == 0) {
            return;
        }
        int group = queries.columns() / layer.headDim() / layer.kvHeads();
        int slots = Math.ceilDiv(layer.headDim(), isa.lanes());
        int tilePairs = AttentionFrame.tilePairs(isa);
        long tileSums = (long) slots * tilePairs * isa.vectorBytes();
        long partBytes = tileSums + (long) tilePairs * AttentionFrame.stateBytes(isa);
        plan.make(layer, pages, positions, queries.rows(), group, (long) queries.columns() * Float.BYTES, partBytes);

        set(Argument.EDGES, edges.address());
        set(Argument.QUERIES, queries.data().address());
        set(Argument.OUTPUT, output.data().address());
        set(Argument.GROUP_BYTES, (long) group * layer.headDim() * Float.BYTES);
        set(Argument.TILE_SUMS, tileSums);
        set(Argument.PARTIALS, partials.reserve(partBytes * plan.parts() * layer.kvHeads()));
        set(Argument.PARTIALS_OF_HEAD, partBytes * plan.parts());
        setCache(layer);
        setSlots(layer.headDim(), slots);
        setScores(scale, softcap);
        long products = 2 * plan.products() * layer.headDim() * layer.kvHeads();
        run(attend[FORMATS.indexOf(layer.format())], plan.records(), layer.kvHeads(), products);
        run(merge, plan.merges(), layer.kvHeads(), (long) plan.parts() * layer.kvHeads() * tileSums / Float.BYTES);
        Reference.reachabilityFence(this);
    }

    private void setCache(KvLayer layer) {
        set(Argument.HEAD_DIM, layer.headDim());
        set(Argument.KEYS_OFFSET, layer.keysOffsetBytes());
        set(Argument.VALUES_OFFSET, layer.valuesOffsetBytes());
        set(Argument.HEAD_SHARE, layer.keyBytes() / layer.kvHeads());
        boolean isQuantised = layer.format() == NumberFormat.Q8_0;
        set(Argument.ROW_BYTES, isQuantised ? layer.headDim() : layer.format().bytes(layer.headDim()));
        set(Argument.SCALES_STEP, isQuantised ? layer.headDim() / QuantBlockCode.FLOATS * Float.BYTES : 0);
    }

    private void setSlots(int headDim, int slots) {
        int inLast = headDim - (slots - 1) * isa.lanes();
        int partial = inLast == isa.lanes() ? 0 : 1;
        set(Argument.SLOTS, slots);
        set(Argument.PARTIAL_SLOT, partial);
        set(Argument.BELOW_TWO, partial + 1);
        set(Argument.BELOW_FOUR, partial + 3);
        set(Argument.LAST_LANES, isa.isAvx512() ? (1L << inLast) - 1 : inLast);
    }

    private void setScores(float scale, float softcap) {
        set(Argument.SCALE, Float.floatToRawIntBits(scale));
        set(Argument.CAP, Float.floatToRawIntBits(softcap));
        set(Argument.TWO_OVER_CAP, Float.floatToRawIntBits(2 / softcap));
        set(Argument.LOWEST, Float.floatToRawIntBits(-Float.MAX_VALUE));
    }

    private void set(Argument argument, long value) {
        arguments[argument.ordinal()] = value;
    }

    /** Does every record for every key-value head. */
    private void run(MachineCode code, NativeLongs records, int kvHeads, long products) {
        recordCount = records.size() / AttentionFrame.RECORD_LONGS;
        if (recordCount == 0) {
            return;
        }
        running = code;
        int items = recordCount * kvHeads;
        set(Argument.RECORDS, records.publish());
        set(Argument.RECORDS_END, arguments[Argument.RECORDS.ordinal()] + (long) recordCount * AttentionFrame.RECORD_BYTES);
        long grain = SHARE_PRODUCTS * items / Math.max(products, 1);
        team.split(items, Math.clamp(grain, 1, items), runShare);
    }

    private void runShare(int worker, int from, int to) {
        int headDim = (int) arguments[Argument.HEAD_DIM.ordinal()];
        long queryBytes = (long) AttentionFrame.PAIRS * headDim * Float.BYTES;
        long sumBytes = AttentionFrame.PAIRS / AttentionFrame.tilePairs(isa) * arguments[Argument.TILE_SUMS.ordinal()];
        long frame = frames[worker].reserve(AttentionFrame.END + queryBytes + 2 * sumBytes + (long) headDim * Float.BYTES);
        long[] mine = frameArguments[worker];
        System.arraycopy(arguments, 0, mine, 0, arguments.length);
        mine[Argument.RECORD.ordinal()] = mine[Argument.RECORDS.ordinal()] + (long) (from % recordCount) * AttentionFrame.RECORD_BYTES;
        mine[Argument.KV_HEAD.ordinal()] = from / recordCount;
        mine[Argument.ITEMS.ordinal()] = to - from;
        mine[Argument.QUERY_TILES.ordinal()] = frame + AttentionFrame.END;
        mine[Argument.SEGMENT_SUMS.ordinal()] = frame + AttentionFrame.END + queryBytes;
        mine[Argument.RUNNING_SUMS.ordinal()] = frame + AttentionFrame.END + queryBytes + sumBytes;
        mine[Argument.VALUE_SCALES.ordinal()] = frame + AttentionFrame.END + queryBytes + 2 * sumBytes;
        running.call(frames[worker].put(mine, arguments.length));
    }

    private void requireSupported(KvLayer layer) {
        if (!supports(layer)) {
            throw new IllegalArgumentException("attention in machine code (%s) reads blocks of %d positions in %s, not %s"
                    .formatted(isa, AttentionFrame.BLOCK, FORMATS, layer));
        }
    }
}
