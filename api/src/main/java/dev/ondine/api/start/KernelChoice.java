package dev.ondine.api.start;

import dev.ondine.kernels.machine.Isa;
import java.util.Locale;
import java.util.Optional;

/** Which kernels the user asks for. */
public enum KernelChoice {
    /** The fastest that run here. */
    AUTO,
    /** Machine code for the best instruction set of the processor. */
    MACHINE,
    MACHINE_AMX(Isa.AMX), MACHINE_AVX512(Isa.AVX512), MACHINE_AVX_VNNI(Isa.AVX_VNNI), MACHINE_AVX2(Isa.AVX2),
    VECTOR, SCALAR;

    private final Isa isa;

    KernelChoice() {
        this(null);
    }

    KernelChoice(Isa isa) {
        this.isa = isa;
    }

    /** The instruction set that was asked for; empty for the best. */
    public Optional<Isa> isa() {
        return Optional.ofNullable(isa);
    }

    /** For help, messages and the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
