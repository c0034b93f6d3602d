package dev.ondine.roofline.shape;

import dev.ondine.tensor.NumberFormat;
import java.util.Optional;

/**
 * Matrices of equal size that do the same in their layers.
 *
 * @param kind    the last part of a tensor's name in a GGUF file: {@code attn_q}, {@code ffn_down}, {@code output}
 * @param outputs rows of each matrix
 * @param inputs  columns of each matrix
 * @param copies  layers that hold one; experts of a layer are not counted
 * @param experts of a layer; 1 unless the role is {@link Role#EXPERT}
 * @param stored  the format in the file that the shape was read from; empty for a shape from a catalogue
 */
public record WeightGroup(String kind, Role role, long outputs, long inputs, int copies, int experts, Optional<NumberFormat> stored) {

    public WeightGroup {
        if (outputs < 1 || inputs < 1 || copies < 1 || experts < 1) {
            throw new IllegalArgumentException("%s: %d x %d, %d copies, %d experts; expected at least 1 of each"
                    .formatted(kind, outputs, inputs, copies, experts));
        }
    }

    /** Of a catalogue: one matrix in each of some layers. */
    public static WeightGroup of(String kind, Role role, long outputs, long inputs, int copies) {
        return new WeightGroup(kind, role, outputs, inputs, copies, 1, Optional.empty());
    }

    /** Of a catalogue: one matrix for each expert in each of some layers. */
    public static WeightGroup ofExperts(String kind, long outputs, long inputs, int copies, int experts) {
        return new WeightGroup(kind, Role.EXPERT, outputs, inputs, copies, experts, Optional.empty());
    }

    /** The same matrices in so many layers. */
    public WeightGroup times(int newCopies) {
        return new WeightGroup(kind, role, outputs, inputs, newCopies, experts, stored);
    }

    /** Of one matrix. */
    public long elements() {
        return Math.multiplyExact(outputs, inputs);
    }

    /** Of all copies and experts. */
    public long parameters() {
        return Math.multiplyExact(elements(), Math.multiplyExact((long) copies, experts));
    }
}
