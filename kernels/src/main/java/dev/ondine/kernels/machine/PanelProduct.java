package dev.ondine.kernels.machine;

import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine code that multiplies by packed weights of one format: a piece for each number of tokens that a tile may have.
 * Owns its memory.
 */
final class PanelProduct implements AutoCloseable {

    private final BlockDecoder decoder;
    private final int[] tileTokens;
    private final CodeMemory memory;
    private final byte[] tileConfiguration;

    private PanelProduct(BlockDecoder decoder, int[] tileTokens, CodeMemory memory) {
        this.decoder = decoder;
        this.tileTokens = tileTokens;
        this.memory = memory;
        this.tileConfiguration = decoder == null ? null : TileQuantMatmulCode.configuration(decoder);
    }

    static PanelProduct of(Isa isa, Host host, NumberFormat format) {
        BlockDecoder decoder = BlockDecoder.of(format, isa);
        return decoder == null ? ofPlainNumbers(isa, host, format) : ofBlocks(isa, host, decoder);
    }

    private static PanelProduct ofPlainNumbers(Isa isa, Host host, NumberFormat format) {
        int[] tileTokens = FloatMatmulCode.tileTokens(isa);
        List<byte[]> codes = new ArrayList<>();
        for (int tokens : tileTokens) {
            codes.add(FloatMatmulCode.of(isa, format, tokens));
        }
        return new PanelProduct(null, tileTokens, CodeMemory.of(host, codes));
    }

    private static PanelProduct ofBlocks(Isa isa, Host host, BlockDecoder decoder) {
        int[] tileTokens = QuantMatmulCode.tileTokens(isa);
        List<byte[]> codes = new ArrayList<>();
        for (int tokens : tileTokens) {
            codes.add(QuantMatmulCode.of(isa, decoder, tokens));
        }
        if (isa == Isa.AMX) {
            codes.add(UnpackCode.of(decoder));
            codes.add(TileQuantMatmulCode.of(decoder));
        }
        return new PanelProduct(decoder, tileTokens, CodeMemory.of(host, codes));
    }

    /** Null for plain numbers, whose activations are not quantised. */
    BlockDecoder decoder() {
        return decoder;
    }

    /** Tokens of each tile that there is code for, the most first; the last is 1. */
    int[] tileTokens() {
        return tileTokens;
    }

    /** The code for tiles of {@code tileTokens()[tile]} tokens. */
    MachineCode tile(int tile) {
        return memory.code(tile);
    }

    MachineCode unpack() {
        return memory.code(tileTokens.length);
    }

    MachineCode matrixTile() {
        return memory.code(tileTokens.length + 1);
    }

    /** Shapes of the matrix tiles, 64 bytes. */
    byte[] tileConfiguration() {
        return tileConfiguration;
    }

    @Override
    public void close() {
        memory.close();
    }
}
