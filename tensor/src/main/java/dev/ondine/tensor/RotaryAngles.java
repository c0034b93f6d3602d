package dev.ondine.tensor;

/**
 * Cosines and sines of the rotary embedding for every row of a batch.
 *
 * @param cosines [row, rotaryDim / 2]
 * @param sines   [row, rotaryDim / 2]
 * @param pairing which channels turn together
 * @see <a href="https://arxiv.org/abs/2104.09864">arXiv:2104.09864</a>
 */
public record RotaryAngles(Matrix cosines, Matrix sines, Pairing pairing) {

    /** Which two channels of a head form the pair i, for i in [0, rotaryDim / 2). */
    public enum Pairing {
        /** Channels 2i and 2i + 1; llama files. */
        ADJACENT,
        /** Channels i and i + rotaryDim / 2; "neox" in llama.cpp. */
        HALVES
    }

    public int rotaryDim() {
        return 2 * cosines.columns();
    }
}
