package dev.ondine.kernels.machine;

import java.util.List;

/** The instruction sets that the tests can run here. */
final class TestIsas {

    private TestIsas() {
    }

    /** From the plainest to the richest; none where no machine code runs. */
    static List<Isa> supported() {
        Host host = TestHost.here();
        return host.isLinux() && host.isX86() ? Processor.of(host).isas().reversed() : List.of();
    }
}
