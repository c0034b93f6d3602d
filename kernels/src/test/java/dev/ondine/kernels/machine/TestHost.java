package dev.ondine.kernels.machine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The host that the tests run on. */
public final class TestHost {

    private TestHost() {
    }

    /** As {@code main} would say it. */
    public static Host here() {
        return new Host(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** This host, where machine code runs on it; else the test is skipped. */
    public static Host withMachineCode() {
        Host host = here();
        assumeTrue(host.isLinux() && host.isX86(), "machine code runs on Linux on x86-64, this is " + host);
        return host;
    }
}
