package dev.ondine.kernels.machine;

/**
 * A part of the instruction set that a processor may have or lack, and where CPUID says so. Names are the manual's.
 *
 * @see <a href="https://www.intel.com/content/www/us/en/developer/articles/technical/intel-sdm.html">Intel SDM, volume 2, CPUID</a>
 */
public enum ProcessorFeature {
    FMA(Leaf.BASIC, Register.ECX, 12, State.YMM), F16C(Leaf.BASIC, Register.ECX, 29, State.YMM),
    AVX2(Leaf.EXTENDED, Register.EBX, 5, State.YMM), BMI2(Leaf.EXTENDED, Register.EBX, 8, State.GENERAL),
    AVX_VNNI(Leaf.EXTENDED_1, Register.EAX, 4, State.YMM),
    AVX512F(Leaf.EXTENDED, Register.EBX, 16, State.ZMM), AVX512DQ(Leaf.EXTENDED, Register.EBX, 17, State.ZMM),
    AVX512BW(Leaf.EXTENDED, Register.EBX, 30, State.ZMM), AVX512VL(Leaf.EXTENDED, Register.EBX, 31, State.ZMM),
    AVX512_VNNI(Leaf.EXTENDED, Register.ECX, 11, State.ZMM), AVX512_BF16(Leaf.EXTENDED_1, Register.EAX, 5, State.ZMM),
    AVX512_FP16(Leaf.EXTENDED, Register.EDX, 23, State.ZMM),
    AMX_TILE(Leaf.EXTENDED, Register.EDX, 24, State.TILES), AMX_BF16(Leaf.EXTENDED, Register.EDX, 22, State.TILES),
    AMX_INT8(Leaf.EXTENDED, Register.EDX, 25, State.TILES);

    /** What CPUID is asked for, in eax and ecx. */
    enum Leaf {
        BASIC(1, 0), EXTENDED(7, 0), EXTENDED_1(7, 1);

        final int number;
        final int part;

        Leaf(int number, int part) {
            this.number = number;
            this.part = part;
        }
    }

    /** Where CPUID answers, in the order of {@link CpuidCode}. */
    enum Register { EAX, EBX, ECX, EDX }

    /** The registers that the operating system must save for each thread, as bits of XCR0. */
    enum State {
        GENERAL(0), YMM(0x6), ZMM(0xE6), TILES(0x6_0000);

        final long bits;

        State(long bits) {
            this.bits = bits;
        }
    }

    final Leaf leaf;
    final Register register;
    final int bit;
    final State state;

    ProcessorFeature(Leaf leaf, Register register, int bit, State state) {
        this.leaf = leaf;
        this.register = register;
        this.bit = bit;
        this.state = state;
    }
}
