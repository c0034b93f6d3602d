package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Mem.at;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Vec;

/**
 * Emits the scores of some pairs and the 32 positions of a block, before anything is done to them.
 *
 * <p>Registers: r10 holds the block's keys of the head, rdx the tile of queries, r8 where the scores go, r11 what to prefetch, r13 the
 * channels; rax, rcx and rbx are free. Afterwards rdx points at the next tile of queries.
 */
interface ScoreCode {

    /** @param pairs of the tile, at most {@link AttentionFrame#tilePairs} */
    void emit(int pairs);

    /** Channels that are loaded into a tile of queries together. */
    int queryChannels();

    /** Emits their load: from the floats at rax, scaled, to the pair's place in the tile at rdx; moves both on. */
    void loadQuery();

    /**
     * For keys in F16 or F32, [channel, position]; queries [channel, pair of the tile], F32. A score is summed in the order of the
     * channels, whatever the tile.
     */
    record Plain(AttentionCode code, boolean isHalf) implements ScoreCode {

        private static final int VECTORS = 2;

        @Override
        public void emit(int pairs) {
            int perPass = VECTORS * code.isa.lanes();
            for (int position = 0; position < AttentionFrame.BLOCK; position += perPass) {
                if (position > 0) {
                    backToFirstChannel();
                }
                pass(pairs, position);
            }
        }

        @Override
        public int queryChannels() {
            return 1;
        }

        @Override
        public void loadQuery() {
            Vec number = Vec.xmm(0);
            code.asm.vmovss(number, at(Gpr.RAX, 0));
            code.asm.vmulss(number, number, AttentionFrame.Argument.SCALE.at());
            code.asm.vmovss(at(Gpr.RDX, 0), number);
            code.asm.add(Gpr.RAX, Float.BYTES);
            code.asm.add(Gpr.RDX, queryStep());
        }

        private void backToFirstChannel() {
            code.asm.imul(Gpr.RBX, Gpr.R13, queryStep());
            code.asm.sub(Gpr.RDX, Gpr.RBX);
        }

        private int queryStep() {
            return AttentionFrame.tilePairs(code.isa) * Float.BYTES;
        }

        private void pass(int pairs, int position) {
            Assembler asm = code.asm;
            int keyBytes = isHalf ? Short.BYTES : Float.BYTES;
            for (int i = 0; i < pairs * VECTORS; i++) {
                asm.vpxor(code.vec(i), code.vec(i), code.vec(i));
            }
            asm.lea(Gpr.RAX, at(Gpr.R10, position * keyBytes));
            asm.mov(Gpr.RCX, Gpr.R13);
            code.countDown(Gpr.RCX, () -> {
                channel(pairs);
                asm.add(Gpr.RAX, AttentionFrame.BLOCK * keyBytes);
                asm.add(Gpr.RDX, queryStep());
                if (position == 0) {
                    code.prefetch(Gpr.R11, AttentionFrame.BLOCK * keyBytes);
                }
            });
            for (int i = 0; i < pairs * VECTORS; i++) {
                int place = i / VECTORS * AttentionFrame.PAIR_SCORES + position * Float.BYTES + i % VECTORS * code.isa.vectorBytes();
                asm.vmovups(at(Gpr.R8, place), code.vec(i));
            }
        }

        private void channel(int pairs) {
            int keys = pairs * VECTORS;
            for (int i = 0; i < VECTORS; i++) {
                code.loadFloats(code.vec(keys + i), at(Gpr.RAX, 0), i, isHalf);
            }
            for (int pair = 0; pair < pairs; pair++) {
                code.asm.vbroadcastss(code.vec(keys + VECTORS), at(Gpr.RDX, pair * Float.BYTES));
                for (int i = 0; i < VECTORS; i++) {
                    code.asm.vfmadd231ps(code.vec(pair * VECTORS + i), code.vec(keys + VECTORS), code.vec(keys + i));
                }
            }
        }
    }
}
