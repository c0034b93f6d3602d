package dev.ondine.kernels;

import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
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

    private final WorkerTeam team;
    private final Scratch[] scratch;
    private final WorkerTeam.Work attend = this::attend;

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
        this.scratch = Scratch.perWorker(team.size());
    }

    void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
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

    private static long offset(KvLayer layer, int head, int position) {
        long place = (long) head * layer.blockPositions() + position % layer.blockPositions();
        return layer.format().bytes(place * layer.headDim());
    }

    private static void encode(KvLayer layer, long source, long target) {
        if (layer.format() == NumberFormat.F32) {
            for (int i = 0; i < layer.headDim(); i++) {
                Lanes.float32(target + 4L * i, Lanes.float32(source + 4L * i));
            }
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
        for (int item = from; item < to; item++) {
            attend(scratch[worker], item / layer.kvHeads(), item % layer.kvHeads());
        }
    }

    private void attend(Scratch memory, int row, int kvHead) {
        int visible = visible(row);
        long headBytes = 4L * paddedDim;
        long scoreBytes = 4L * Math.ceilDiv(visible, 16) * 16;
        long query = memory.address(headBytes * (2L * group + layer.blockPositions()) + scoreBytes * group);
        long mixed = query + headBytes * group;
        long panel = mixed + headBytes * group;
        long scores = panel + headBytes * layer.blockPositions();
        long channel = 4L * ((long) row * queries.columns() + (long) kvHead * group * layer.headDim());
        scaleQueries(queries.data().address() + channel, query);
        score(row, kvHead, query, panel, scores, scoreBytes);
        for (int head = 0; head < group; head++) {
            normalize(scores + head * scoreBytes, visible);
        }
        clear(mixed, group * paddedDim);
        mix(row, kvHead, scores, scoreBytes, panel, mixed);
        for (int head = 0; head < group; head++) {
            copyHead(mixed + head * headBytes, output.data().address() + channel + 4L * head * layer.headDim());
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

    private void score(int row, int kvHead, long query, long panel, long scores, long scoreBytes) {
        int first = layer.firstVisible(positions[row]);
        int end = positions[row] + 1;
        for (int head = 0; head < group; head++) {
            clear(scores + head * scoreBytes, end - first);
        }
        for (int position = first; position < end; ) {
            int count = Math.min(end - position, layer.blockPositions() - position % layer.blockPositions());
            decode(row, kvHead, position, count, layer.keysOffsetBytes(), panel);
            Tile.multiply(query, 4L * paddedDim, group, panel, 4L * paddedDim, count, paddedDim, scores + 4L * (position - first), scoreBytes);
            position += count;
        }
    }

    private void normalize(long scores, int count) {
        if (softcap != 0) {
            VectorElementwise.softcap(scores, scores, Math.ceilDiv(count, 16) * 16, softcap);
        }
        VectorSoftmax.run(scores, count);
    }

    private void mix(int row, int kvHead, long scores, long scoreBytes, long panel, long mixed) {
        int first = layer.firstVisible(positions[row]);
        int end = positions[row] + 1;
        for (int position = first; position < end; ) {
            int count = Math.min(end - position, layer.blockPositions() - position % layer.blockPositions());
            decode(row, kvHead, position, count, layer.valuesOffsetBytes(), panel);
            for (int head = 0; head < group; head++) {
                mixHead(scores + head * scoreBytes + 4L * (position - first), count, panel, mixed + 4L * head * paddedDim, paddedDim);
            }
            position += count;
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

    /** Writes {@code count} positions of one block to the panel as floats. */
    private void decode(int row, int kvHead, int position, int count, long layerOffset, long panel) {
        long source = pages[row].block(position / layer.blockPositions()).address() + layerOffset + offset(layer, kvHead, position);
        RowFormat format = RowFormat.of(layer.format());
        if (paddedDim == layer.headDim()) {
            format.decode(source, panel, count * paddedDim, 0);
        } else {
            for (int i = 0; i < count; i++) {
                decodePadded(source + layer.format().bytes((long) i * layer.headDim()), panel + 4L * i * paddedDim);
            }
        }
    }

    private void decodePadded(long source, long target) {
        boolean wide = layer.format() == NumberFormat.F32;
        for (int i = 0; i < layer.headDim(); i++) {
            Lanes.float32(target + 4L * i, wide ? Lanes.float32(source + 4L * i) : Lanes.float16(source + 2L * i));
        }
        clear(target + 4L * layer.headDim(), paddedDim - layer.headDim());
    }

    private void copyHead(long source, long target) {
        for (int i = 0; i < layer.headDim(); i++) {
            Lanes.float32(target + 4L * i, Lanes.float32(source + 4L * i));
        }
    }

    private static void clear(long target, int count) {
        for (int i = 0; i < count; i++) {
            Lanes.float32(target + 4L * i, 0);
        }
    }
}
