package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

    private static final ModelSummary SUMMARY = new ModelSummary(1_000, 2_000, 2_000, Map.of());

    @Test
    void describesThisMachine() {
        var outcome = Shell.run("doctor", "--json");
        var json = outcome.json();

        assertThat(json.get("java").stringValue()).startsWith("25");
        assertThat(json.get("cores").intValue()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(json.get("memory").stringValue()).contains("available", "/s");
        assertThat(json.propertyNames()).contains("processor", "kernels", "aot cache", "model", "findings");
        assertThat(Shell.run("doctor").out()).contains("java ", "kernels ", "pebble");
    }

    @Test
    void namesTheKernelsAndWhy() {
        var json = Shell.run("doctor", "--json", "--kernels", "scalar", "-t", "1").json();

        assertThat(json.get("kernels").stringValue()).isEqualTo("scalar, 1 thread (asked for with --kernels scalar)");
        assertThat(json.get("findings").toString()).contains("leave out --kernels");
    }

    @Test
    void hasNothingToSayOfAFastMachine() {
        assertThat(diagnosis(machine("mixed mode, sharing", List.of("-XX:AOTCache=a.aot"), 1L << 30, 1.5, "performance"), "vector 512-bit, 4 threads", 4).findings()).isEmpty();
    }

    @Test
    void findsWhatIsSlowAndSaysHowToMendIt() {
        var findings = diagnosis(machine("interpreted mode", List.of(), 1_000, 9.5, "powersave"), "scalar, 2 threads", 2).findings();

        assertThat(findings).hasSize(7);
        assertThat(findings).extracting(Diagnosis.Finding::remedy).allMatch(remedy -> !remedy.isBlank());
        assertThat(findings.toString()).contains("scalar", "interprets", "AOT cache", "2 of 4 cores", "9.5 of them on 4 cores", "larger than the memory", "saves power");
    }

    @Test
    void findsThreadsThatHaveNoCore() {
        assertThat(diagnosis(machine("mixed mode, sharing", List.of("-XX:AOTCache=a.aot"), 1L << 30, 1.5, "performance"), "vector 512-bit, 8 threads", 8).findings())
                .singleElement().asString().contains("8 threads share 4 cores");
    }

    @Test
    void anAotCacheThatWasRefusedIsNotInUse() {
        assertThat(machine("mixed mode", List.of("-XX:AOTCache=a.aot"), 1, 0, "performance").aotCache()).isEmpty();
    }

    private static Machine machine(String mode, List<String> flags, long freeBytes, double load, String governor) {
        return new Machine("25", mode, flags, "processor", 4, 1L << 32, freeBytes, load, Optional.of(governor));
    }

    private static Diagnosis diagnosis(Machine machine, String kernels, int threads) {
        return new Diagnosis(machine, kernels, "the fastest kind here", threads, 1e10, "m.gguf", SUMMARY);
    }
}
