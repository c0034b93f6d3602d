package dev.ondine.kernels.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The instruction sets that the tests can run here. */
final class TestIsas {

    private TestIsas() {
    }

    /** Those that Linux says this processor has; none on another system. */
    static List<Isa> supported() {
        Path facts = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(facts)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(facts)) {
            Set<String> flags = lines.filter(line -> line.startsWith("flags")).limit(1)
                    .flatMap(line -> Arrays.stream(line.split("\\s+"))).collect(Collectors.toSet());
            return Arrays.stream(Isa.values()).filter(isa -> flags.containsAll(needed(isa))).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> needed(Isa isa) {
        return switch (isa) {
            case AVX2 -> List.of("avx2", "fma", "f16c");
            case AVX_VNNI -> List.of("avx2", "fma", "f16c", "avx_vnni");
            case AVX512 -> List.of("bmi2", "avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni");
            case AMX -> List.of("bmi2", "avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16");
        };
    }
}
