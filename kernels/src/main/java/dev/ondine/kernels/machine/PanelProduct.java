package dev.ondine.kernels.machine;

import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The machine code that multiplies by packed weights of one format: a piece for each kind of tile, a tile being 16 rows by some tokens.
 * Owns its memory.
 */
final class PanelProduct implements AutoCloseable {

    private final BlockDecoder decoder;
    private final boolean hasMatrixTile;
    private final int[] tileTokens;
    private final CodeMemory memory;
    private final byte[] tileConfiguration;

    private PanelProduct(BlockDecoder decoder, boolean hasMatrixTile, int[] tileTokens, CodeMemory memory) {
        this.decoder = decoder;
        this.hasMatrixTile = hasMatrixTile;
        this.tileTokens = tileTokens;
        this.memory = memory;
        this.tileConfiguration = hasMatrixTile ? TileQuantMatmulCode.configuration(decoder) : null;
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
        return new PanelProduct(null, false, tileTokens, CodeMemory.of(host, codes));
    }

    private static PanelProduct ofBlocks(Isa isa, Host host, BlockDecoder decoder) {
        int[] tileTokens = QuantMatmulCode.tileTokens(isa);
        List<byte[]> codes = new ArrayList<>();
        if (isa == Isa.AMX) {
            codes.add(TileQuantMatmulCode.of(decoder));
        }
        for (int tokens : tileTokens) {
            codes.add(QuantMatmulCode.of(isa, decoder, tokens));
        }
        if (isa == Isa.AMX) {
            codes.add(UnpackCode.of(decoder));
            tileTokens = IntStream.concat(IntStream.of(TileQuantMatmulCode.TOKENS), IntStream.of(tileTokens)).toArray();
        }
        return new PanelProduct(decoder, isa == Isa.AMX, tileTokens, CodeMemory.of(host, codes));
    }

    /** Null for plain numbers, whose activations are not quantised. */
    BlockDecoder decoder() {
        return decoder;
    }

    /** Tokens of each tile that there is code for, the most first; the last is 1. */
    int[] tileTokens() {
        return tileTokens;
    }

    /** Whether a tile is one of AMX, which takes unpacked weights. */
    boolean isMatrixTile(int tile) {
        return hasMatrixTile && tile == 0;
    }

    /** The code for tiles of {@code tileTokens()[tile]} tokens. */
    MachineCode tile(int tile) {
        return memory.code(tile);
    }

    /** What unpacks weights for matrix tiles. */
    MachineCode unpack() {
        return memory.code(tileTokens.length);
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
