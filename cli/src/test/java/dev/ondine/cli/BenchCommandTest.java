package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ondine.tensor.WorkerTeam;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {

    @Test
    void printsTheContractsJson() {
        var outcome = Shell.run("bench", "-p", "8", "-n", "4", "-d", "6", "-b", "1,3", "-r", "2", "--json");
        var json = outcome.json();

        assertThat(json.propertyNames()).containsExactly("model", "format", "parameters", "bytes", "threads", "kernels", "tests", "roof", "mbu");
        assertThat(json.get("model").stringValue()).isEqualTo("pebble");
        assertThat(json.get("format").stringValue()).isEqualTo("Q8_0");
        assertThat(json.get("parameters").longValue()).isEqualTo(5_508_352);
        assertThat(names(json)).containsExactly("pp8@d6", "tg4@d6", "tg4@d6 b3");
        for (JsonNode test : json.get("tests")) {
            JsonNode rate = test.get("tokens_per_second");
            assertThat(rate.propertyNames()).containsExactly("median", "min", "max");
            assertThat(rate.get("min").doubleValue()).isPositive().isLessThanOrEqualTo(rate.get("median").doubleValue());
            assertThat(rate.get("max").doubleValue()).isGreaterThanOrEqualTo(rate.get("median").doubleValue());
        }
        assertThat(json.get("roof").get("memory_bytes_per_second").doubleValue()).isGreaterThan(1e8);
        assertThat(json.get("mbu").doubleValue()).isPositive();
        assertThat(outcome.err()).startsWith("kernels: ");
    }

    private static List<String> names(JsonNode json) {
        return json.get("tests").valueStream().map(test -> test.get("name").stringValue()).toList();
    }

    @Test
    void printsATableLikeLlamaBench() {
        var lines = Shell.run("bench", "-p", "8", "-n", "0", "-r", "1").out().lines().toList();

        assertThat(lines.get(0)).matches("\\| model +\\| +size \\| +params \\| backend +\\| threads \\| +test \\| +t/s \\| MBU \\|");
        assertThat(lines.get(1)).matches("(\\| -+[ :])+\\|");
        assertThat(lines.get(2)).startsWith("| pebble Q8_0 ").contains("5.59 MiB", "5.51 M", "pp8", " ± ");
        assertThat(lines.get(3)).startsWith("memory roof: ");
    }

    @Test
    void capsWhatDoesNotFitTheContextAndSaysSo() {
        var outcome = Shell.run("bench", "-p", "512", "-n", "0", "-r", "1", "-c", "10", "--json");

        assertThat(names(outcome.json())).containsExactly("pp10");
        assertThat(outcome.json().get("mbu").isNull()).isTrue();
        assertThat(outcome.err()).contains("note: -p is 10");
    }

    @Test
    void measuresWhatTheMachineCouldDo() {
        assumeTrue(Machine.HOST.isLinux() && Machine.HOST.isX86(), "machine code runs on Linux on x86-64");
        var json = Shell.run("bench", "--roof", "-t", "2", "--json").json();

        assertThat(json.propertyNames()).containsExactly("processor", "features", "cache_bytes", "threads", "memory", "compute");
        assertThat(json.get("memory").valueStream().map(line -> line.get("threads").intValue())).containsExactly(1, 2);
        for (JsonNode line : json.get("memory")) {
            assertThat(line.get("bytes_per_second").doubleValue()).isGreaterThan(1e8);
        }
        assertThat(json.get("compute").valueStream().map(line -> line.get("type").stringValue())).contains("int8", "float32");
        for (JsonNode line : json.get("compute")) {
            assertThat(line.get("multiply_accumulates_per_second").get("one_thread").doubleValue()).isGreaterThan(1e8);
            assertThat(line.get("multiply_accumulates_per_second").get("all_threads").doubleValue()).isGreaterThan(1e8);
        }
    }

    @Test
    void printsTheRoofsAsATable() {
        assumeTrue(Machine.HOST.isLinux() && Machine.HOST.isX86(), "machine code runs on Linux on x86-64");
        var lines = Shell.run("bench", "--roof", "-t", "1").out().lines().toList();

        assertThat(lines.get(1)).matches("\\| roof +\\| measured with +\\| threads \\| +rate \\|");
        assertThat(lines.get(3)).matches("\\| memory +\\| loads, front to back +\\| +1 \\| +[\\d.]+ GB/s \\|");
        assertThat(lines).filteredOn(line -> line.contains("memory")).hasSize(1);
        assertThat(lines).anyMatch(line -> line.matches("\\| float32 +\\| vfmadd231ps ymm +\\| +1 \\| +\\d+ GMAC/s \\|"));
    }

    @Test
    void measuresMemoryWithoutMachineCodeToo() {
        try (WorkerTeam team = new WorkerTeam(1)) {
            assertThat(MemoryRoof.bytesPerSecondInJava(team)).isBetween(1e8, 1e12);
        }
    }

    @Test
    void refusesADepthBeyondTheContext() {
        assertThat(Shell.run("bench", "-d", "512").exitCode()).isEqualTo(1);
        Shell.run("bench", "-r", "0").failedWith(2, "-r");
        Shell.run("bench", "-b", "0").failedWith(2, "-b");
    }
}
