package dev.ondine.cli;

import dev.ondine.tensor.NumberFormat;
import java.util.Locale;

/** The number format of keys and values that the user asks for. */
enum KvChoice {
    F16(NumberFormat.F16), Q8_0(NumberFormat.Q8_0);

    private final NumberFormat format;

    KvChoice(NumberFormat format) {
        this.format = format;
    }

    NumberFormat format() {
        return format;
    }

    /** For help and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
