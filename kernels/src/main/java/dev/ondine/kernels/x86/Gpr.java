package dev.ondine.kernels.x86;

import java.util.Locale;

/** A 64-bit general register; the order is the encoding's. */
public enum Gpr {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15;

    /** As an assembler writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
