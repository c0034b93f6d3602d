package dev.ondine.kernels;

import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Attention over the paged cache. One share is one key-value head of one row: its cached keys are decoded once for all query
 * heads of its group, all scores become probabilities in one go, then its values are mixed. The operands are checked.
 *
 * <p>Inside a block keys and values lie as [kvHead, position, channel]. Scratch rows are padded with zeros to whole vectors.
 */
final class VectorAttention {

    /** Fewer multiplications than this are not worth a second worker: about 5 us. */
    private static final int SHARE_PRODUCTS = 1 << 15;

    /**
     * One step of the work on a head. The steps are called through this interface for the compiler's sake: where it sees four
     * receivers it compiles each on its own, and within its limit on vector operations per method.
     */
    private interface Stage {
        void run(Head head);
    }

    /** What one worker is at: the group of query heads that share a key-value head, in one row. Addresses are of its scratch. */
    private static final class Head {
        final Scratch scratch = new Scratch();
        int row;
        int kvHead;
        int first;
        int visible;
        /** [group, paddedDim], scaled. */
        long query;
        /** [group, paddedDim]. */
        long mixed;
        /** [blockPositions, paddedDim]: keys or values of one block. */
        long panel;
        /** [group, visible], rows {@link #scoreBytes} apart. */
        long scores;
        long scoreBytes;
    }

    private final WorkerTeam team;
    private final Head[] heads;
    private final WorkerTeam.Work attend = this::attend;
    private final Stage[] stages = {this::score, this::cap, this::normalize, this::mix};

    private Matrix queries;
    private Matrix output;
    private KvLayer layer;
    private KvPages[] pages;
    private int[] positions;
    private float scale;
    private float softcap;
    private int group;
    private int paddedDim;

    VectorAttention(WorkerTeam team) {
        this.team = team;
        heads = new Head[team.size()];
        for (int worker = 0; worker < heads.length; worker++) {
            heads[worker] = new Head();
        }
    }

    void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        if (layer.format() == NumberFormat.Q8_0) {
            quantiseKv(keys, values, layer, pages, positions);
            return;
        }
        for (int row = 0; row < keys.rows(); row++) {
            long block = pages[row].block(positions[row] / layer.blockPositions()).address();
            long keyRow = keys.data().address() + 4L * row * keys.columns();
            long valueRow = values.data().address() + 4L * row * keys.columns();
            for (int head = 0; head < layer.kvHeads(); head++) {
                long offset = offset(layer, head, positions[row]);
                encode(layer, keyRow + 4L * head * layer.headDim(), block + layer.keysOffsetBytes() + offset);
                encode(layer, valueRow + 4L * head * layer.headDim(), block + layer.valuesOffsetBytes() + offset);
            }
        }
    }

    private static void quantiseKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        float[] numbers = new float[keys.columns()];
        for (int row = 0; row < keys.rows(); row++) {
            MemorySegment block = pages[row].block(positions[row] / layer.blockPositions());
            keys.copyRow(row, numbers);
            quantise(numbers, layer, block, layer.keysOffsetBytes(), positions[row]);
            values.copyRow(row, numbers);
            quantise(numbers, layer, block, layer.valuesOffsetBytes(), positions[row]);
        }
    }

    private static void quantise(float[] numbers, KvLayer layer, MemorySegment block, long layerOffset, int position) {
        for (int head = 0; head < layer.kvHeads(); head++) {
            layer.format().encode(numbers, head * layer.headDim(), block, layerOffset + offset(layer, head, position), layer.headDim());
        }
    }

    private static long offset(KvLayer layer, int head, int position) {
        long place = (long) head * layer.blockPositions() + position % layer.blockPositions();
        return layer.format().bytes(place * layer.headDim());
    }

    private static void encode(KvLayer layer, long source, long target) {
        if (layer.format() == NumberFormat.F32) {
            Lanes.copy(source, target, layer.headDim());
        } else {
            for (int i = 0; i < layer.headDim(); i++) {
                Lanes.float16(target + 2L * i, Lanes.float32(source + 4L * i));
            }
        }
    }

    void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, float scale, float softcap, Matrix output) {
        this.queries = queries;
        this.layer = layer;
        this.pages = pages;
        this.positions = positions;
        this.scale = scale;
        this.softcap = softcap;
        this.output = output;
        group = queries.columns() / layer.headDim() / layer.kvHeads();
        paddedDim = Math.ceilDiv(layer.headDim(), 16) * 16;
        team.split(queries.rows() * layer.kvHeads(), sharedItems(), attend);
    }

    private int sharedItems() {
        int longest = 1;
        for (int row = 0; row < queries.rows(); row++) {
            longest = Math.max(longest, visible(row));
        }
        return (int) Math.max(1, SHARE_PRODUCTS / (2L * longest * group * paddedDim));
    }

    private int visible(int row) {
        return positions[row] + 1 - layer.firstVisible(positions[row]);
    }

    private void attend(int worker, int from, int to) {
        Head head = heads[worker];
        for (int item = from; item < to; item++) {
            begin(head, item / layer.kvHeads(), item % layer.kvHeads());
            for (Stage stage : stages) {
                stage.run(head);
            }
        }
    }

    private void begin(Head head, int row, int kvHead) {
        head.row = row;
        head.kvHead = kvHead;
        head.first = layer.firstVisible(positions[row]);
        head.visible = visible(row);
        head.scoreBytes = 4L * Math.ceilDiv(head.visible, 16) * 16;
        long dimBytes = 4L * paddedDim;
        head.query = head.scratch.address(dimBytes * (2L * group + layer.blockPositions()) + head.scoreBytes * group);
        head.mixed = head.query + dimBytes * group;
        head.panel = head.mixed + dimBytes * group;
        head.scores = head.panel + dimBytes * layer.blockPositions();
    }

    /** Where the group's channels start in a row of queries or of the output. */
    private long channels(Matrix matrix, Head head) {
        return matrix.data().address() + 4L * ((long) head.row * matrix.columns() + (long) head.kvHead * group * layer.headDim());
    }

    private void score(Head head) {
        scaleQueries(channels(queries, head), head.query);
        clear(head.scores, Math.toIntExact(head.scoreBytes / 4 * group));
        int end = head.first + head.visible;
        for (int position = head.first; position < end; ) {
            int count = decode(head, position, end, layer.keysOffsetBytes());
            Tile.multiply(head.query, 4L * paddedDim, group, head.panel, 4L * paddedDim, count, paddedDim,
                    head.scores + 4L * (position - head.first), head.scoreBytes);
            position += count;
        }
    }

    private void scaleQueries(long source, long target) {
        for (int head = 0; head < group; head++) {
            for (int i = 0; i < paddedDim; i++) {
                float query = i < layer.headDim() ? Lanes.float32(source + 4L * (head * layer.headDim() + i)) * scale : 0;
                Lanes.float32(target + 4L * (head * paddedDim + i), query);
            }
        }
    }

    private void cap(Head head) {
        if (softcap != 0) {
            VectorElementwise.softcap(head.scores, head.scores, Math.toIntExact(head.scoreBytes / 4 * group), softcap);
        }
    }

    private void normalize(Head head) {
        for (int i = 0; i < group; i++) {
            VectorSoftmax.run(head.scores + i * head.scoreBytes, head.visible);
        }
    }

    private void mix(Head head) {
        clear(head.mixed, group * paddedDim);
        int end = head.first + head.visible;
        for (int position = head.first; position < end; ) {
            int count = decode(head, position, end, layer.valuesOffsetBytes());
            long probabilities = head.scores + 4L * (position - head.first);
            for (int i = 0; i < group; i++) {
                mixHead(probabilities + i * head.scoreBytes, count, head.panel, head.mixed + 4L * i * paddedDim, paddedDim);
            }
            position += count;
        }
        for (int i = 0; i < group; i++) {
            Lanes.copy(head.mixed + 4L * i * paddedDim, channels(output, head) + 4L * i * layer.headDim(), layer.headDim());
        }
    }

    private static void mixHead(long probabilities, int count, long panel, long target, int dim) {
        for (int i = 0; i < dim; i += Lanes.COUNT) {
            FloatVector sum = Lanes.load(target + 4L * i);
            for (int position = 0; position < count; position++) {
                sum = Lanes.load(panel + 4L * (position * dim + i)).fma(Lanes.spread(probabilities + 4L * position), sum);
            }
            Lanes.store(sum, target + 4L * i);
        }
    }

    /** Writes what one block holds of positions {@code [position, end)} to the panel as floats; how many there are. */
    private int decode(Head head, int position, int end, long layerOffset) {
        int count = Math.min(end - position, layer.blockPositions() - position % layer.blockPositions());
        long block = pages[head.row].block(position / layer.blockPositions()).address();
        long source = block + layerOffset + offset(layer, head.kvHead, position);
        if (paddedDim == layer.headDim()) {
            RowFormat.of(layer.format()).decode(source, head.panel, count * paddedDim, 0);
        } else {
            for (int i = 0; i < count; i++) {
                decodePadded(source + layer.format().bytes((long) i * layer.headDim()), head.panel + 4L * i * paddedDim);
            }
        }
        return count;
    }

    private void decodePadded(long source, long target) {
        boolean wide = layer.format() == NumberFormat.F32;
        for (int i = 0; i < layer.headDim(); i++) {
            Lanes.float32(target + 4L * i, wide ? Lanes.float32(source + 4L * i) : Lanes.float16(source + 2L * i));
        }
        clear(target + 4L * layer.headDim(), paddedDim - layer.headDim());
    }

    private static void clear(long target, int count) {
        for (int i = 0; i < count; i++) {
            Lanes.float32(target + 4L * i, 0);
        }
    }
}
