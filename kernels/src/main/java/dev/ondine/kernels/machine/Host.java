package dev.ondine.kernels.machine;

/**
 * The operating system and the processor's architecture that the program runs on. The program's {@code main} makes it from the
 * JVM's properties {@code os.name} and {@code os.arch}.
 *
 * @param system       as in {@code Linux}, {@code Mac OS X}, {@code Windows 11}
 * @param architecture as in {@code amd64}, {@code x86_64}, {@code aarch64}
 */
public record Host(String system, String architecture) {

    public boolean isLinux() {
        return system.equals("Linux");
    }

    public boolean isX86() {
        return architecture.equals("amd64") || architecture.equals("x86_64");
    }

    @Override
    public String toString() {
        return system + " on " + architecture;
    }
}
