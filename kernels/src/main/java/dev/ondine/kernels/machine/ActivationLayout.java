package dev.ondine.kernels.machine;

/**
 * Activations for weights in blocks: every 32 numbers of a row become one record of 48 bytes, x ≈ scale · q with
 * {@code scale = max|x| / 127}.
 *
 * <p>Weights are read as unsigned bytes that count from a zero point z. What that adds to a product, {@code z · Σq}, is known
 * beforehand and stands in the record with its sign turned, so that a sum of products starts from it.
 */
final class ActivationLayout {

    /** Numbers in a record. */
    static final int RECORD_COLUMNS = 32;
    static final int RECORD_BYTES = 48;
    /** F32. */
    static final int SCALE = 32;
    /**
     * {@code -z · Σq}, 32 bits: over the whole record, or over its first 16 numbers for weights with two scales a block.
     */
    static final int FIRST_OFFSET_SUM = 36;
    /** Over the last 16 numbers, for weights with two scales a block. */
    static final int SECOND_OFFSET_SUM = 40;
    /** {@code scale · Σq}, F32. */
    static final int SUM = 44;

    private ActivationLayout() {
    }
}
