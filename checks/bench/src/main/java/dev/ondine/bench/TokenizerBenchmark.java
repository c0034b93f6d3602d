package dev.ondine.bench;

import dev.ondine.files.GgufFile;
import dev.ondine.pebble.Pebble;
import dev.ondine.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding of one million bytes of English text on one core: operations per second are MB/s. {@code -p model=FILE.gguf} takes another
 * vocabulary, {@code -p text=FILE} another text (the first million bytes of it count).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmark {

    private static final int BYTES = 1_000_000;

    @Param("")
    public String model;

    @Param("docs/architecture.md")
    public String text;

    private Tokenizer tokenizer;
    private String million;

    @Setup
    public void open() throws IOException {
        try (GgufFile file = model.isEmpty() ? embedded() : GgufFile.open(Path.of(model))) {
            tokenizer = Tokenizer.of(file.metadata());
        }
        byte[] bytes = Files.readAllBytes(Path.of(text));
        StringBuilder repeated = new StringBuilder();
        while (repeated.length() < BYTES) {
            repeated.append(new String(bytes, StandardCharsets.UTF_8));
        }
        repeated.setLength(BYTES);
        million = repeated.toString();
    }

    private static GgufFile embedded() throws IOException {
        try (InputStream bytes = Pebble.open()) {
            return GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES);
        }
    }

    @Benchmark
    public int[] encodeOneMegabyte() {
        return tokenizer.encode(million, false);
    }
}
