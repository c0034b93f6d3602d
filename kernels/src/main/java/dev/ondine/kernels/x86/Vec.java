package dev.ondine.kernels.x86;

/**
 * A vector register, with the mask that an instruction applies which writes it, or stores it to memory.
 *
 * @param index   0 to 31; from 16 on an instruction needs AVX-512
 * @param bytes   16 (xmm), 32 (ymm) or 64 (zmm)
 * @param mask    0 for none, else the opmask register k1 to k7
 * @param zeroing whether masked-off lanes become zero instead of staying
 */
public record Vec(int index, int bytes, int mask, boolean zeroing) implements VecOrMem {

    public Vec {
        if (index < 0 || index > 31 || mask < 0 || mask > 7 || bytes != 16 && bytes != 32 && bytes != 64
                || zeroing && mask == 0) {
            throw new IllegalArgumentException("no vector register %d of %d bytes with mask %d".formatted(index, bytes, mask));
        }
    }

    public static Vec xmm(int index) {
        return new Vec(index, 16, 0, false);
    }

    public static Vec ymm(int index) {
        return new Vec(index, 32, 0, false);
    }

    public static Vec zmm(int index) {
        return new Vec(index, 64, 0, false);
    }

    /** The same register, seen with another width. */
    public Vec as(int otherBytes) {
        return new Vec(index, otherBytes, mask, zeroing);
    }

    /** Writes only the lanes whose bit in k{@code mask} is set; the others stay. */
    public Vec merged(int mask) {
        return new Vec(index, bytes, mask, false);
    }

    /** Writes the lanes whose bit in k{@code mask} is set and zeros the others. */
    public Vec zeroed(int mask) {
        return new Vec(index, bytes, mask, true);
    }

    /** This register with the other's mask. */
    Vec masked(Vec other) {
        return new Vec(index, bytes, other.mask, other.zeroing);
    }

    boolean needsEvex() {
        return bytes == 64 || index > 15 || mask != 0;
    }

    /** As an assembler writes it. */
    @Override
    public String toString() {
        String name = (bytes == 16 ? "xmm" : bytes == 32 ? "ymm" : "zmm") + index;
        return mask == 0 ? name : name + "{k" + mask + "}" + (zeroing ? "{z}" : "");
    }
}
