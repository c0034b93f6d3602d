package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Mem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Constants that the matmul kernels read from memory, each 64 bytes, in the order below. */
enum Pool {
    /** The lower nibble of every byte. */
    NIBBLES(0x0f0f0f0f),
    /** Bit 4 of every byte. */
    FIFTH_BITS(0x10101010),
    /** Bits 4 and 5 of every byte. */
    UPPER_TWO_BITS(0x30303030),
    /** The lower six bits of every byte. */
    SIX_BITS(0x3f3f3f3f),
    /** The sign bit of every byte. */
    SIGNS(0x80808080),
    /** The lowest byte of every lane. */
    BYTE(0xff),
    /** 1 in 16 bits. */
    ONES(0x00010001),
    HALF(Float.floatToRawIntBits(0.5f)),
    /** The values of IQ4_NL plus 128. */
    IQ4_NL_UNSIGNED(bytes(1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241)),
    /** The values of IQ4_NL. */
    IQ4_NL_SIGNED(bytes(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)),
    /** The doubled values of MXFP4 plus 12. */
    MXFP4_UNSIGNED(bytes(12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0));

    private static final int BYTES = 64;

    private final int[] words;

    Pool(int... words) {
        this.words = words;
    }

    private static int[] bytes(int... values) {
        int[] words = new int[values.length / 4];
        for (int i = 0; i < values.length; i++) {
            words[i / 4] |= (values[i] & 0xff) << 8 * (i % 4);
        }
        return words;
    }

    /** Where it lies, if the pool's address is in this register. */
    Mem in(Gpr pool) {
        return Mem.at(pool, ordinal() * BYTES);
    }

    /** All constants, each repeated to fill its 64 bytes. */
    static MemorySegment allocate(Arena arena) {
        MemorySegment pool = arena.allocate((long) values().length * BYTES, BYTES);
        for (Pool constant : values()) {
            for (int i = 0; i < BYTES / 4; i++) {
                pool.setAtIndex(ValueLayout.JAVA_INT, constant.ordinal() * (BYTES / 4) + i, constant.words[i % constant.words.length]);
            }
        }
        return pool;
    }
}
