package dev.ondine.kernels.x86;

/**
 * A typed assembler for x86-64: general registers, AVX2 to AVX-512, and the tiles of AMX. Every method appends one instruction.
 *
 * <p>It encodes what it is told and knows nothing of what the processor offers.
 */
public final class Assembler extends VectorInstructions {

    /** Shapes of the tile registers, 64 bytes. */
    public void ldtilecfg(Mem configuration) {
        vexPrefix(0, 2, 0, 0, 0, 0, configuration);
        put(0x49);
        modRmMemory(0, configuration, 1);
    }

    /** Gives up the tile registers. */
    public void tilerelease() {
        put(0xC4, 0xE2, 0x78, 0x49, 0xC0);
    }

    /** Rows that lie index · scale bytes apart. */
    public void tileloadd(Tmm target, Mem source) {
        tileMove(3, target, source);
    }

    /** As {@link #tileloadd}, for data that is read once: it need not stay in the nearest cache. */
    public void tileloaddt1(Tmm target, Mem source) {
        tileMove(1, target, source);
    }

    /** Rows that lie index · scale bytes apart. */
    public void tilestored(Mem target, Tmm source) {
        tileMove(2, source, target);
    }

    public void tilezero(Tmm target) {
        vexPrefix(3, 2, 0, 0, target.index(), 0, Vec.xmm(0));
        put(0x49);
        modRmRegister(target.index(), 0);
    }

    /** sum[m, n] += pairs of bfloat16 of a [m, 2k] and b [k, 2n]. */
    public void tdpbf16ps(Tmm sum, Tmm a, Tmm b) {
        tileProduct(2, 0x5C, sum, a, b);
    }

    /** sum[m, n] += fours of signed bytes of a [m, 4k] and of b [k, 4n]. */
    public void tdpbssd(Tmm sum, Tmm a, Tmm b) {
        tileProduct(3, 0x5E, sum, a, b);
    }

    private void tileMove(int prefix, Tmm tile, Mem mem) {
        if (mem.index() == null) {
            throw new IllegalArgumentException("the rows of a tile at %s need an index, which says how far apart they are".formatted(mem));
        }
        vexPrefix(prefix, 2, 0, 0, tile.index(), 0, mem);
        put(0x4B);
        modRmMemory(tile.index(), mem, 1);
    }

    private void tileProduct(int prefix, int opcode, Tmm sum, Tmm a, Tmm b) {
        vexPrefix(prefix, 2, 0, 0, sum.index(), b.index(), Vec.xmm(a.index()));
        put(opcode);
        modRmRegister(sum.index(), a.index());
    }
}
