package dev.ondine.tensor;

/**
 * Where one layer's keys and values lie inside each block of a paged cache.
 *
 * <p>A block holds {@code blockPositions} consecutive positions. Inside it the layer owns {@link #keyBytes()} from
 * {@code keysOffsetBytes} and {@link #valueBytes()} from {@code valuesOffsetBytes}, each split evenly over the key-value heads
 * [kvHead, position, channel]. How a head's share is arranged is the business of the {@link Kernels} that write and read it.
 *
 * @param window how many positions a token sees, itself included; 0 for all
 * @param format of keys and values: F16, or F32 for models whose weights are F32
 */
public record KvLayer(int kvHeads, int headDim, int blockPositions, long keysOffsetBytes, long valuesOffsetBytes, int window,
                      NumberFormat format) {

    public KvLayer {
        if (format != NumberFormat.F16 && format != NumberFormat.F32) {
            throw new IllegalArgumentException("keys and values in " + format + ", expected F16 or F32");
        }
    }

    public long keyBytes() {
        return format.bytes((long) kvHeads * headDim * blockPositions);
    }

    public long valueBytes() {
        return keyBytes();
    }

    /** First position that a token at this position attends to. */
    public int firstVisible(int position) {
        return window == 0 ? 0 : Math.max(0, position - window + 1);
    }
}
