package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Mem;
import dev.ondine.kernels.x86.Vec;
import dev.ondine.kernels.x86.VecOrMem;

/**
 * Scores for keys in Q8_0 as {@link StoreQuantKvCode} lays them out, by whole-number products with quantised queries. A tile of queries is
 * [group of 32 channels], each 8 lines of [pair, 4 channels] signed bytes, [pair] F32 scales, [pair] -128 · sum of the bytes.
 */
final class QuantScoreCode implements ScoreCode {

    private final AttentionCode code;
    /** For AVX2 alone: the bytes' offset, and ones to add pairs with. */
    private final VecOrMem offsets;
    private final VecOrMem ones;

    QuantScoreCode(AttentionCode code) {
        this.code = code;
        offsets = code.isa == Isa.AVX2 ? code.constant(0x80808080) : null;
        ones = code.isa == Isa.AVX2 ? code.constant(0x00010001) : null;
    }

    /** Of the queries of a tile in one group. */
    private int queryGroupBytes() {
        return (StoreQuantKvCode.KEY_LINES + 2) * line();
    }

    private int line() {
        return code.tilePairs * Integer.BYTES;
    }

    @Override
    public void emit(int pairs) {
        for (int position = 0; position < AttentionFrame.BLOCK; position += code.isa.lanes()) {
            if (position > 0) {
                groups(Gpr.RBX);
                code.asm.imul(Gpr.RBX, Gpr.RBX, queryGroupBytes());
                code.asm.sub(Gpr.RDX, Gpr.RBX);
            }
            pass(pairs, position);
        }
    }

    private void groups(Gpr target) {
        code.asm.mov(target, Gpr.R13);
        code.asm.shr(target, Integer.numberOfTrailingZeros(QuantBlockCode.FLOATS));
    }

    private void pass(int pairs, int position) {
        Assembler asm = code.asm;
        for (int pair = 0; pair < pairs; pair++) {
            asm.vpxor(score(pair), score(pair), score(pair));
        }
        asm.mov(Gpr.RAX, Gpr.R10);
        groups(Gpr.RCX);
        code.countDown(Gpr.RCX, () -> {
            group(pairs, position);
            asm.add(Gpr.RAX, StoreQuantKvCode.KEY_GROUP_BYTES);
            asm.add(Gpr.RDX, queryGroupBytes());
            if (position == 0) {
                code.prefetch(Gpr.R11, StoreQuantKvCode.KEY_GROUP_BYTES);
            }
        });
        for (int pair = 0; pair < pairs; pair++) {
            asm.vmovups(at(Gpr.R8, pair * AttentionFrame.PAIR_SCORES + position * Float.BYTES), score(pair));
        }
    }

    private Vec score(int pair) {
        return code.vec(pair);
    }

    private Vec sum(int pairs, int pair) {
        return code.vec(pairs + pair);
    }

    private void group(int pairs, int position) {
        Assembler asm = code.asm;
        Vec scales = code.vec(2 * pairs);
        Vec one = code.vec(2 * pairs + 1);
        boolean hasDots = code.isa != Isa.AVX2;
        for (int pair = 0; pair < pairs; pair++) {
            if (hasDots) {
                asm.vpbroadcastd(sum(pairs, pair), query(StoreQuantKvCode.KEY_LINES + 1, pair));
            } else {
                asm.vpxor(sum(pairs, pair), sum(pairs, pair), sum(pairs, pair));
            }
        }
        for (int line = 0; line < StoreQuantKvCode.KEY_LINES; line++) {
            Mem keys = at(Gpr.RAX, StoreQuantKvCode.KEY_SCALES_BYTES + line * StoreQuantKvCode.KEY_LINE_BYTES + position * Integer.BYTES);
            if (hasDots) {
                dots(pairs, line, keys);
            } else {
                signedProducts(pairs, line, keys);
            }
        }
        asm.vcvtph2ps(scales, at(Gpr.RAX, position * Short.BYTES));
        for (int pair = 0; pair < pairs; pair++) {
            asm.vcvtdq2ps(sum(pairs, pair), sum(pairs, pair));
            asm.vbroadcastss(one, query(StoreQuantKvCode.KEY_LINES, pair));
            asm.vmulps(one, one, scales);
            asm.vfmadd231ps(score(pair), sum(pairs, pair), one);
        }
    }

    private Mem query(int line, int pair) {
        return at(Gpr.RDX, line * line() + pair * Integer.BYTES);
    }

    private void dots(int pairs, int line, Mem keys) {
        Vec bytes = code.vec(2 * pairs);
        Vec four = code.vec(2 * pairs + 1);
        code.asm.vmovups(bytes, keys);
        for (int pair = 0; pair < pairs; pair++) {
            code.asm.vpbroadcastd(four, query(line, pair));
            code.asm.vpdpbusd(sum(pairs, pair), bytes, four);
        }
    }

    /** Without dot products: magnitudes of keys times queries with the keys' signs. Two products of 127 · 127 fit 16 bits, 255 · 127 not. */
    private void signedProducts(int pairs, int line, Mem keys) {
        Vec bytes = code.vec(2 * pairs);
        Vec four = code.vec(2 * pairs + 1);
        Vec magnitudes = code.vec(2 * pairs + 2);
        code.asm.vmovups(bytes, keys);
        code.asm.vpxor(bytes, bytes, offsets);
        code.asm.vpabsb(magnitudes, bytes);
        for (int pair = 0; pair < pairs; pair++) {
            code.asm.vpbroadcastd(four, query(line, pair));
            code.asm.vpsignb(four, four, bytes);
            code.asm.vpmaddubsw(four, magnitudes, four);
            code.asm.vpmaddwd(four, four, ones);
            code.asm.vpaddd(sum(pairs, pair), sum(pairs, pair), four);
        }
    }

    @Override
    public int queryChannels() {
        return QuantBlockCode.FLOATS;
    }

    @Override
    public void loadQuery() {
        QuantBlockCode block = new QuantBlockCode(code);
        code.asm.mov(Gpr.RSI, Gpr.RAX);
        block.emit(Gpr.RSI, AttentionFrame.Argument.SCALE.at());
        code.asm.vmovups(at(Gpr.RDI, AttentionFrame.SCORES), Vec.ymm(0));
        block.correction();
        for (int line = 0; line < StoreQuantKvCode.KEY_LINES; line++) {
            code.asm.mov32(Gpr.RAX, at(Gpr.RDI, AttentionFrame.SCORES + line * Integer.BYTES));
            code.asm.mov32(query(line, 0), Gpr.RAX);
        }
        code.asm.vmovss(query(StoreQuantKvCode.KEY_LINES, 0), Vec.xmm(4));
        code.asm.vmovss(query(StoreQuantKvCode.KEY_LINES + 1, 0), Vec.xmm(1));
        code.asm.lea(Gpr.RAX, at(Gpr.RSI, QuantBlockCode.FLOATS * Float.BYTES));
        code.asm.add(Gpr.RDX, queryGroupBytes());
    }
}
