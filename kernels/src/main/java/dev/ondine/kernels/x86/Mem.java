package dev.ondine.kernels.x86;

/**
 * A place in memory: base + index · scale + displacement.
 *
 * @param index     or null for none; never rsp
 * @param scale     1, 2, 4 or 8
 * @param broadcast whether an instruction of AVX-512 reads one element here and gives it to every lane
 */
public record Mem(Gpr base, Gpr index, int scale, int displacement, boolean broadcast) implements VecOrMem {

    public Mem {
        if (index == Gpr.RSP || Integer.bitCount(scale) != 1 || scale > 8) {
            throw new IllegalArgumentException("no address with index %s · %d".formatted(index, scale));
        }
    }

    public static Mem at(Gpr base) {
        return at(base, 0);
    }

    public static Mem at(Gpr base, int displacement) {
        return new Mem(base, null, 1, displacement, false);
    }

    public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, index, scale, displacement, false);
    }

    /** The same address, further on. */
    public Mem plus(int bytes) {
        return new Mem(base, index, scale, displacement + bytes, broadcast);
    }

    /** One element for every lane. */
    public Mem toAll() {
        return new Mem(base, index, scale, displacement, true);
    }

    /** As an assembler writes it, without size and broadcast. */
    @Override
    public String toString() {
        return "[" + base + (index == null ? "" : "+" + index + "*" + scale)
                + (displacement == 0 ? "" : (displacement < 0 ? "" : "+") + displacement) + "]";
    }
}
