package dev.ondine.kernels.machine;

import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.List;

/** The machine code that multiplies by weights in blocks of one format: a piece for each number of tokens. Owns its memory. */
final class QuantProduct implements AutoCloseable {

    final BlockDecoder decoder;
    final int[] tileTokens;
    /** Null where there are no matrix tiles. */
    final MachineCode unpack;
    private final CodeMemory memory;

    QuantProduct(Isa isa, Host host, NumberFormat format) {
        decoder = BlockDecoder.of(format, isa);
        tileTokens = QuantMatmulCode.tileTokens(isa);
        List<byte[]> codes = new ArrayList<>();
        for (int tokens : tileTokens) {
            codes.add(QuantMatmulCode.of(isa, decoder, tokens));
        }
        if (isa == Isa.AMX) {
            codes.add(UnpackCode.of(decoder));
        }
        memory = CodeMemory.of(host, codes);
        unpack = isa == Isa.AMX ? memory.code(tileTokens.length) : null;
    }

    /** The code for tiles of {@code tileTokens[tile]} tokens. */
    MachineCode tile(int tile) {
        return memory.code(tile);
    }

    @Override
    public void close() {
        memory.close();
    }
}
