package dev.ondine.cli;

import dev.ondine.api.start.ChosenKernels;
import dev.ondine.api.start.FreeMemory;
import dev.ondine.kernels.machine.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine and the Java that runs here.
 *
 * @param java         version and maker
 * @param jvmMode      {@code java.vm.info}, for instance {@code mixed mode, sharing}
 * @param jvmFlags     that the JVM was started with
 * @param processor    name and vector extensions, as far as the system tells
 * @param memoryBytes  of the machine or of the container
 * @param freeBytes    that a model could take
 * @param load         cores that all programs together keep busy, over the last minute; below 0 if the system does not tell
 * @param governor     of the processor's clock, if the system tells
 */
record Machine(String java, String jvmMode, List<String> jvmFlags, String processor, int cores, long memoryBytes, long freeBytes,
               double load, Optional<String> governor) {

    private static final List<String> EXTENSIONS = List.of("avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8",
            "asimd", "asimddp", "i8mm", "sve");
    private static final String AOT_FLAG = "-XX:AOTCache=";

    /** The operating system and the processor's kind. */
    static final Host HOST = ChosenKernels.HOST;

    static Machine found() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                Runtime.version() + ", " + System.getProperty("java.vendor"), System.getProperty("java.vm.info"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                processorName(), Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(), FreeMemory.found().orElse(system.getFreeMemorySize()), system.getSystemLoadAverage(),
                firstLine(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
    }

    /** The AOT cache that classes come from, if one is in use. */
    Optional<String> aotCache() {
        return jvmMode.contains("sharing")
                ? jvmFlags.stream().filter(flag -> flag.startsWith(AOT_FLAG)).map(flag -> flag.substring(AOT_FLAG.length())).findFirst()
                : Optional.empty();
    }

    private static String processorName() {
        Path description = Path.of("/proc/cpuinfo");
        String name = field(description, "model name").orElse(System.getProperty("os.arch"));
        List<String> flags = List.of(field(description, "flags").or(() -> field(description, "Features")).orElse("").split(" "));
        String extensions = String.join(" ", EXTENSIONS.stream().filter(flags::contains).toList());
        return extensions.isEmpty() ? name : name + " (" + extensions + ")";
    }

    private static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
