package dev.ondine.tensor;

/**
 * Where one layer's keys and values lie inside each block of a paged cache.
 *
 * <p>A block holds {@code blockPositions} consecutive positions. Inside it the layer owns {@link #keyBytes()} from
 * {@code keysOffsetBytes} and {@link #valueBytes()} from {@code valuesOffsetBytes}, each split evenly over the key-value heads
 * [kvHead, position, channel]. How a head's share is arranged is the business of the {@link Kernels} that write and read it.
 *
 * @param window how many positions a token sees, itself included; 0 for all
 * @param format of keys and values: F16, F32 for models whose weights are F32, or Q8_0 for half the memory; then every 32 channels of
 *               a position and head are one block of the format, and headDim is a multiple of 32
 */
public record KvLayer(int kvHeads, int headDim, int blockPositions, long keysOffsetBytes, long valuesOffsetBytes, int window,
                      NumberFormat format) {

    public KvLayer {
        if (format != NumberFormat.F16 && format != NumberFormat.F32 && format != NumberFormat.Q8_0) {
            throw new IllegalArgumentException("keys and values in " + format + ", expected F16, F32 or Q8_0");
        }
        if (headDim % format.blockElements() != 0) {
            throw new IllegalArgumentException("keys and values of %d channels per head in %s, expected a multiple of %d; use F16"
                    .formatted(headDim, format, format.blockElements()));
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
