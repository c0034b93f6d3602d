package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.api.start.StartedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {

    @TempDir
    private Path folder;

    @Test
    void printsTheContractsJson() {
        var json = Shell.run("info", "--json").json();

        assertThat(json.get("metadata").get("llama.block_count").intValue()).isEqualTo(6);
        assertThat(json.get("metadata").get("general.name").stringValue()).isEqualTo("pebble");
        assertThat(json.get("tensors").get("Q8_0").get("tensors").intValue()).isEqualTo(43);
        assertThat(json.get("parameters").longValue()).isEqualTo(5_508_352);
        assertThat(json.get("bytes").longValue()).isEqualTo(5_955_008);
        assertThat(json.get("runnable").booleanValue()).isTrue();
    }

    @Test
    void countsTheMemoryOfAContext() {
        var small = Shell.run("info", "--json", "-c", "64").json().get("memory");
        var large = Shell.run("info", "--json", "-c", "512").json().get("memory");

        // 6 layers, keys and values, 4 heads of 32 numbers in F16.
        assertThat(small.get("cache_bytes").longValue()).isEqualTo(64L * 6 * 2 * 4 * 32 * 2);
        assertThat(large.get("cache_bytes").longValue()).isEqualTo(512L * 6 * 2 * 4 * 32 * 2);
        assertThat(large.get("context").intValue()).isEqualTo(512);
        // 34 bytes for 32 numbers in Q8_0.
        assertThat(Shell.run("info", "--json", "-c", "64", "--kv", "q8_0").json().get("memory").get("cache_bytes").longValue())
                .isEqualTo(64L * 6 * 2 * 4 * 34);
        // At least the residual stream and the feed-forward activations of a batch.
        assertThat(small.get("activation_bytes").longValue()).isGreaterThan(StartedModel.BATCH_ROWS * 4L * (256 + 2 * 768));
        assertThat(small.get("total_bytes").longValue()).isEqualTo(small.get("weight_bytes").longValue()
                + small.get("cache_bytes").longValue() + small.get("activation_bytes").longValue());
    }

    @Test
    void tellsLongArraysByTheirBeginning() {
        var tokens = Shell.run("info", "--json").json().get("metadata").get("tokenizer.ggml.tokens");

        assertThat(tokens.get("type").stringValue()).isEqualTo("string");
        assertThat(tokens.get("length").intValue()).isEqualTo(3072);
        assertThat(tokens.get("first")).hasSize(8);
    }

    @Test
    void showsAFileThatCannotRun() {
        Map<String, Object> changes = new LinkedHashMap<>();
        changes.put("general.architecture", "perceptron");
        changes.put("odd.numbers", new int[] {1, 3, 5});
        Path file = PebbleVariant.write(folder.resolve("odd.gguf"), changes);

        var json = Shell.run("info", file.toString(), "--json").json();
        var text = Shell.run("info", "-m", file.toString());

        assertThat(json.get("runnable").booleanValue()).isFalse();
        assertThat(json.get("memory").isNull()).isTrue();
        assertThat(json.get("problem").stringValue()).contains("perceptron");
        assertThat(json.get("metadata").get("odd.numbers").toString()).isEqualTo("[1,3,5]");
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).contains("cannot run", "perceptron", "odd.numbers = [1, 3, 5]");
    }

    @Test
    void saysThatMixturesOfExpertsCannotRun() {
        Path file = PebbleVariant.write(folder.resolve("experts.gguf"), Map.of("llama.expert_count", 8));

        assertThat(Shell.run("info", file.toString(), "--json").json().get("problem").stringValue()).contains("experts", "8");
    }

    @Test
    void keepsMetadataToOneLineEach() {
        Path file = PebbleVariant.write(folder.resolve("lines.gguf"), Map.of("general.description", "one\ntwo\u001b[31m" + "x".repeat(500)));

        assertThat(Shell.run("info", file.toString()).out().lines()).filteredOn(line -> line.startsWith("general.description"))
                .singleElement().asString().contains("one\\ntwo\\u{1b}").hasSizeLessThan(200);
    }

    @Test
    void refusesTwoFiles() {
        Shell.run("info", "a.gguf", "-m", "b.gguf").failedWith(2, "twice");
    }
}
