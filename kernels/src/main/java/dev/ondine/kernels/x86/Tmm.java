package dev.ondine.kernels.x86;

/**
 * A tile register of AMX, up to 16 rows of 64 bytes.
 *
 * @param index 0 to 7
 */
public record Tmm(int index) {

    public Tmm {
        if (index < 0 || index > 7) {
            throw new IllegalArgumentException("no tile register " + index);
        }
    }

    /** As an assembler writes it. */
    @Override
    public String toString() {
        return "tmm" + index;
    }
}
