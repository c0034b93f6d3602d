package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ondine.tensor.WorkerTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessorTest {

    private static final Path FACTS = Path.of("/proc/cpuinfo");

    @Test
    void agreesWithLinux() throws IOException {
        Processor processor = Processor.of(TestHost.withMachineCode());
        assumeTrue(Files.isReadable(FACTS), "no /proc/cpuinfo here");
        Set<String> flags = Set.of(fact("flags").split(" "));
        // Linux tells of tiles that it may refuse, for instance to a process in a sandbox.
        Predicate<ProcessorFeature> comparable = processor.has(ProcessorFeature.AMX_TILE)
                ? feature -> true : feature -> feature.state != ProcessorFeature.State.TILES;

        assertThat(processor.features()).containsExactlyInAnyOrderElementsOf(Arrays.stream(ProcessorFeature.values())
                .filter(comparable).filter(feature -> flags.contains(feature.name().toLowerCase(Locale.ROOT))).toList());
        assertThat(processor.name().replaceAll("\\s+", " ")).isEqualTo(fact("model name").replaceAll("\\s+", " "));
        long kilobytes = Long.parseLong(fact("cache size").replace(" KB", ""));
        assertThat(processor.cacheBytes()).isGreaterThanOrEqualTo(kilobytes * 1024);
    }

    private static String fact(String name) throws IOException {
        try (Stream<String> lines = Files.lines(FACTS)) {
            return lines.filter(line -> line.startsWith(name)).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip()).orElseThrow();
        }
    }

    @Test
    void ordersInstructionSetsFromTheBest() {
        assertThat(with(EnumSet.allOf(ProcessorFeature.class)).isas()).containsExactly(Isa.AMX, Isa.AVX512, Isa.AVX_VNNI, Isa.AVX2);
        assertThat(with(EnumSet.noneOf(ProcessorFeature.class)).isas()).isEmpty();
        for (Isa isa : Isa.values()) {
            assertThat(with(isa.features()).isas()).first().isEqualTo(isa);
            for (ProcessorFeature feature : isa.features()) {
                Set<ProcessorFeature> others = isa.features().stream().filter(other -> other != feature).collect(Collectors.toSet());
                assertThat(with(others).isas()).doesNotContain(isa);
            }
        }
    }

    private static Processor with(Set<ProcessorFeature> features) {
        return new Processor("test", features, 0);
    }

    /** A tile product runs only where the system has granted tiles to the process; else it ends the process. */
    @Test
    void tilesAreUsableOnceTheyAreFound() throws Exception {
        assumeTrue(Processor.of(TestHost.withMachineCode()).has(ProcessorFeature.AMX_TILE), "no matrix tiles here");
        ChildJvm.Outcome outcome = ChildJvm.run(UsesTiles.class, List.of());

        assertThat(outcome.output().strip()).isEqualTo("done");
        assertThat(outcome.exitCode()).isZero();
    }

    static final class UsesTiles {

        public static void main(String[] arguments) {
            Host host = TestHost.here();
            Processor processor = Processor.of(host);
            try (WorkerTeam team = new WorkerTeam(2); MachineRoofs roofs = new MachineRoofs(host, processor, team)) {
                roofs.multiplyAccumulatesPerSecond(ComputeRoof.AMX_INT8, 2);
            }
            System.out.println("done");
        }
    }

    @Test
    void refusesHostsWithoutMachineCode() {
        assertThatThrownBy(() -> Processor.of(new Host("Linux", "aarch64"))).isInstanceOf(CodeMemoryException.class);
    }
}
