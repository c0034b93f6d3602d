package dev.ondine.models;

import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the keys and values of all layers are laid out in blocks. Layers with the same window form a group; a group has blocks and
 * block tables of its own, so that a windowed group gives back what its window has passed while a full one keeps everything.
 */
public record KvLayout(List<Group> groups, List<Place> layers) {

    /** Positions per block: small enough to share prefixes and waste little, large enough to stream. */
    public static final int BLOCK_POSITIONS = 32;

    /**
     * Layers that share block tables.
     *
     * @param window     positions seen, 0 for all
     * @param blockBytes of one block, all its layers
     */
    public record Group(int window, long blockBytes) {

        private long bytesFor(int positions, int stepRows) {
            // A window starts anywhere in its first block.
            long seen = (long) window + SequenceState.ROLLBACK_POSITIONS + stepRows + BLOCK_POSITIONS;
            long kept = window == 0 ? positions : Math.min(positions, seen);
            return Math.ceilDiv(kept, BLOCK_POSITIONS) * blockBytes;
        }

        /** Index of the oldest block that a sequence of this length still needs. */
        int firstNeeded(int length) {
            return window == 0 ? 0 : Math.max(0, length - window + 1) / BLOCK_POSITIONS;
        }
    }

    /** Where a layer lies: its group and its place in that group's blocks. */
    public record Place(int group, KvLayer layer) { }

    /** A layout for layers of one shape with these windows, 0 for none. */
    public static KvLayout of(int kvHeads, int headDim, NumberFormat format, int... windows) {
        List<Integer> distinct = Arrays.stream(windows).distinct().boxed().toList();
        long[] groupBytes = new long[distinct.size()];
        List<Place> places = new ArrayList<>();
        for (int window : windows) {
            int group = distinct.indexOf(window);
            long share = format.bytes((long) kvHeads * headDim * BLOCK_POSITIONS);
            long offset = groupBytes[group];
            places.add(new Place(group, new KvLayer(kvHeads, headDim, BLOCK_POSITIONS, offset, offset + share, window, format)));
            groupBytes[group] += 2 * share;
        }
        List<Group> groups = new ArrayList<>();
        for (int group = 0; group < groupBytes.length; group++) {
            groups.add(new Group(distinct.get(group), groupBytes[group]));
        }
        return new KvLayout(List.copyOf(groups), List.copyOf(places));
    }

    /** Where this layer lies inside each block of its group. */
    public KvLayer layer(int layer) {
        return layers.get(layer).layer();
    }

    /** The group that this layer belongs to, an index into {@link #groups()}. */
    int group(int layer) {
        return layers.get(layer).group();
    }

    /**
     * Memory that one sequence of this length needs at most.
     *
     * @param stepRows rows that one step adds to it; windows give back what they have passed only after a step
     */
    public long bytesFor(int positions, int stepRows) {
        return groups.stream().mapToLong(group -> group.bytesFor(positions, stepRows)).sum();
    }
}
