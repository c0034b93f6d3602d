package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import dev.ondine.files.GgufFile;
import dev.ondine.synth.KnownShapes;
import dev.ondine.tensor.WeightFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class SynthCommandTest {

    /** Sizes that make any shape small. */
    private static final List<String> SMALL = List.of("--layers", "2", "--dim", "256", "--ffn", "256", "--heads", "4", "--kv-heads", "2",
            "--head-dim", "64", "--vocab", "400", "-c", "64");

    @TempDir
    private Path folder;

    static List<String> shapes() {
        return new KnownShapes().names();
    }

    static List<String> formats() {
        return WeightFormats.names();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Shell.Outcome synth(List<String> sizes, String... more) {
        List<String> arguments = new ArrayList<>(List.of("synth"));
        arguments.addAll(sizes);
        arguments.addAll(List.of(more));
        return Shell.run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShapeRuns(String shape) {
        Path file = file("model.gguf");
        var written = synth(SMALL, "--shape", shape, "--format", "Q8_0", "-o", file.toString(), "--json").json();
        assertThat(written.get("shape").stringValue()).isEqualTo(shape);
        assertThat(written.get("bytes").longValue()).isEqualTo(file.toFile().length());
        assertRuns(file);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatRuns(String format) {
        Path file = file("model.gguf");
        var outcome = synth(SMALL, "--shape", "llama-1b", "--format", format, "-o", file.toString());
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains(file.toString(), "parameters as " + format).containsOnlyOnce("\n");
        assertRuns(file);
    }

    /** Answers, the same twice, with scores that are numbers. */
    private static void assertRuns(Path file) {
        String[] run = {"run", "--kernels", "scalar", "-m", file.toString(), "-n", "4", "--temperature", "0", "--raw", "--json",
            "Wake me, Zürich"};
        var first = Shell.run(run).json();
        assertThat(first.get("finish_reason").stringValue()).isIn("length", "stop");
        assertThat(Shell.run(run).json().get("text")).isEqualTo(first.get("text"));
        var logits = Shell.run("logits", "--kernels", "scalar", "-m", file.toString(), "--tokens", "39,300,286", "--json").json();
        assertThat(logits.get("logits")).hasSize(400).allMatch(logit -> logit.isNumber() && Math.abs(logit.doubleValue()) < 1000);
    }

    @Test
    void takesSizesInPlaceOfAShapeAndTheEmbeddedModelsTokenizer() {
        Path file = file("own.gguf");
        var outcome = synth(List.of("--layers", "2", "--dim", "96", "--ffn", "200", "--heads", "3"), "--format", "q4_k_m", "-o", file.toString());
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        try (GgufFile gguf = GgufFile.open(file)) {
            assertThat(gguf.metadata().integer("llama.attention.head_count_kv")).isEqualTo(3);
            assertThat(gguf.metadata().integer("llama.attention.key_length")).isEqualTo(32);
            assertThat(gguf.metadata().integer("llama.feed_forward_length")).isEqualTo(200);
        }
        String tokens = "--json";
        assertThat(Shell.run("tokenize", "-m", file.toString(), "Wake me at half past six", tokens).json())
                .isEqualTo(Shell.run("tokenize", "Wake me at half past six", tokens).json());
    }

    @Test
    void replacesAFileOnlyWhenForced() throws IOException {
        Path file = file("model.gguf");
        String[] options = {"--shape", "llama-1b", "--format", "Q4_0", "-o", file.toString()};
        Files.writeString(file, "mine");
        synth(SMALL, options).failedWith(2, "model.gguf exists already", "--force");
        assertThat(file).hasContent("mine");
        var forced = synth(SMALL, "--force", "--shape", "llama-1b", "--format", "Q4_0", "-o", file.toString());
        assertThat(forced.exitCode()).as(forced.err()).isZero();
        assertThat(file).isNotEmptyFile();
        assertThat(Files.size(file)).isGreaterThan(100_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--format Q4_0 | --shape is missing, or else all of --layers, --dim, --ffn and --heads",
        "--format Q4_0 --layers 2 --dim 64 --ffn 64 | --shape is missing",
        "--shape llama-1b | --format is missing",
        "--shape gpt-9 --format Q4_0 | there is no shape \"gpt-9\", expected one of llama-1b",
        "--shape llama-1b --format Q3_K_M | there is no format \"Q3_K_M\", expected one of F32",
        "--shape llama-1b --format Q4_0 --layers 0 | layers: found 0",
        "--shape llama-1b --format Q4_0 --kv-heads 5 | 5 key-value heads",
        "--shape llama-1b --format Q4_0 --vocab 7 | vocabulary: found 7 tokens",
        "--layers 2 --dim 64 --ffn 64 --heads 0 --format Q4_0 | --heads is 0",
        "--layers 2 --dim 1048576 --ffn 1048576 --heads 1048577 --format Q4_0 | heads: found 1048577",
        "--shape llama-1b --format Q4_0 --seed x | --seed",
        "--shape llama-1b --format Q4_0 -t 0 | --threads is 0"})
    void saysInOneLineWhatIsWrong(String options, String problem) throws IOException {
        synth(List.of(options.split(" ")), "-o", file("model.gguf").toString()).failedWith(2, problem, "ondine synth --help");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void saysInOneLineWhereItCannotWrite() {
        synth(SMALL, "--shape", "llama-1b", "--format", "F16").failedWith(2, "--output is missing");
        synth(SMALL, "--shape", "llama-1b", "--format", "F16", "-o", folder.toString()).failedWith(2, "is a folder");
        synth(SMALL, "--shape", "llama-1b", "--format", "F16", "-o", file("no/such/model.gguf").toString())
                .failedWith(1, "no such folder");
        synth(List.of("--layers", "1000", "--dim", "1048576", "--ffn", "1048576", "--heads", "8"), "--format", "F32", "-o",
                file("huge.gguf").toString()).failedWith(1, "huge.gguf: needs", "free there");
    }

    @Test
    void hasHelpWithExamples() {
        var outcome = Shell.run("synth", "--help");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Usage: ondine synth", "Examples:", "  ondine synth --shape", "--seed", "Q4_K_M", "qwen2.5-0.5b")
                .doesNotContain("--kernels");
    }

    @Test
    void showsItsProgressOnATerminalOnly() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ProgressLine line = new ProgressLine(Shell.console("", new ByteArrayOutputStream(), err, true), "writing", 200)) {
            line.at(1);
            sleepOverAnInterval();
            line.at(90);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("\rwriting: 45 %\r").endsWith("\r").doesNotContain(": 0 %");
        err.reset();
        try (ProgressLine line = new ProgressLine(Shell.console("", new ByteArrayOutputStream(), err, false), "writing", 200)) {
            sleepOverAnInterval();
            line.at(90);
        }
        assertThat(err.size()).isZero();
    }

    private static void sleepOverAnInterval() {
        try {
            TimeUnit.MILLISECONDS.sleep(120);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisabledOnOs(value = WINDOWS, disabledReason = "sends a signal")
    void leavesNothingWhenInterrupted() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "synth", "--shape", "llama-1b", "--format", "F16", "-o", file("large.gguf").toString()).start();
        while (process.isAlive() && !Files.exists(file("large.gguf.partial"))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(err).isEqualTo(130);
        assertThat(err).contains("interrupted; ", "large.gguf is not written");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
