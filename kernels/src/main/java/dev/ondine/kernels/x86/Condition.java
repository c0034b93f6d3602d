package dev.ondine.kernels.x86;

/** When a conditional jump is taken: after {@code cmp a, b}, BELOW and ABOVE compare unsigned, LESS and GREATER signed. */
public enum Condition {
    BELOW(0x2), ABOVE_OR_EQUAL(0x3), EQUAL(0x4), NOT_EQUAL(0x5), BELOW_OR_EQUAL(0x6), ABOVE(0x7),
    LESS(0xC), GREATER_OR_EQUAL(0xD), LESS_OR_EQUAL(0xE), GREATER(0xF);

    final int code;

    Condition(int code) {
        this.code = code;
    }
}
