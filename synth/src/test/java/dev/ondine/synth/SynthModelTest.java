package dev.ondine.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.files.GgufFile;
import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynthModelTest {

    @TempDir
    private Path folder;

    /** Rows of 96 and 160 are no whole runs, so that runs are cut and go over the ends of rows. */
    private static SynthModel model(String architecture, String format, long seed) {
        SynthShape shape = new SynthShape("small", architecture, 3, 96, 160, 3, 1, 32, 700, 512, 0, 1e4f, 1e-5f, false);
        return new SynthModel(shape, WeightFormats.named(format), seed);
    }

    private Path write(SynthModel model, int threads) {
        Path file = folder.resolve("%s-%d-%d.gguf".formatted(model.formats().name(), model.seed(), threads));
        try (WorkerTeam team = new WorkerTeam(threads)) {
            model.write(file, team);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16", "Q4_0", "Q8_0", "IQ4_NL", "MXFP4", "Q4_K_M"})
    void theSameSeedGivesTheSameFileWhateverTheThreadCount(String format) {
        Path first = write(model("qwen2", format, 7), 1);
        Path second = write(model("qwen2", format, 7), 3);
        Path other = write(model("qwen2", format, 8), 1);
        assertThat(first).hasSameBinaryContentAs(second);
        try (GgufFile one = GgufFile.open(first); GgufFile two = GgufFile.open(other)) {
            for (int i = 0; i < one.tensors().size(); i++) {
                assertThat(one.tensors().get(i).data().mismatch(two.tensors().get(i).data())).isNotNegative();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "Q4_0", "Q5_1", "Q6_K", "MXFP4"})
    void numbersAreAsLargeAsTheirRowsAllow(String format) {
        try (GgufFile file = GgufFile.open(write(model("llama", format, 1), 2))) {
            for (Tensor tensor : file.tensors()) {
                float[] numbers = new float[Math.toIntExact(tensor.shape().elements())];
                tensor.format().decode(tensor.data(), 0, numbers, 0, numbers.length);
                boolean isVector = tensor.rows() == 1;
                double expectedDeviation = isVector ? 0.2 : 1.3 / Math.sqrt(tensor.columns());
                double mean = mean(numbers, 0, 1);
                assertThat(mean).as(tensor.name()).isCloseTo(isVector ? 1 : 0, within(4 * expectedDeviation / Math.sqrt(numbers.length)));
                assertThat(Math.sqrt(mean(numbers, mean, 2))).as(tensor.name())
                        .isCloseTo(expectedDeviation, within(expectedDeviation * (0.02 + 3 / Math.sqrt(numbers.length))));
            }
        }
    }

    private static double mean(float[] numbers, double from, int power) {
        double sum = 0;
        for (float number : numbers) {
            sum += Math.pow(number - from, power);
        }
        return sum / numbers.length;
    }

    @Test
    void noTwoRowsAreEqual() {
        SynthShape shape = new SynthShape("rows", "llama", 1, 256, 256, 4, 4, 64, 10_000, 512, 0, 1e4f, 1e-5f, true);
        try (GgufFile file = GgufFile.open(write(new SynthModel(shape, WeightFormats.named("Q8_0"), 1), 2))) {
            Set<String> rows = new HashSet<>();
            int count = 0;
            for (Tensor tensor : file.tensors()) {
                for (int row = 0; row < tensor.rows(); row++, count++) {
                    float[] numbers = new float[tensor.columns()];
                    tensor.decodeRow(row, numbers, 0);
                    rows.add(Arrays.toString(numbers));
                }
            }
            // Tensors take the same runs in other orders; within the largest there is no repetition.
            assertThat(rows).hasSizeGreaterThan(10_000);
            assertThat(count).isGreaterThan(11_000);
        }
    }

    @Test
    void tellsItsSizeBeforehandAndItsProgress() {
        SynthModel model = model("gemma3", "Q4_0", 1);
        List<Long> told = new ArrayList<>();
        Path path = folder.resolve("told.gguf");
        try (WorkerTeam team = new WorkerTeam(2)) {
            model.write(path, team, told::add);
        }
        assertThat(told).isSorted().endsWith(model.bytes());
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum()).isEqualTo(model.bytes());
            assertThat(file.tensors().stream().mapToLong(tensor -> tensor.shape().elements()).sum()).isEqualTo(model.parameters());
            assertThat(file.tensor("blk.2.ffn_down.weight").orElseThrow().format()).isEqualTo(NumberFormat.Q4_0);
            assertThat(file.metadata().integer("general.file_type")).isEqualTo(2);
            assertThat(file.metadata().integer("gemma3.attention.key_length")).isEqualTo(32);
        }
    }

    @Test
    void leavesNothingWhereItIsCancelled() throws Exception {
        Path path = folder.resolve("cancelled.gguf");
        SynthModel model = model("llama", "F16", 1);
        try (WorkerTeam team = new WorkerTeam(2)) {
            assertThatThrownBy(() -> model.write(path, team, bytes -> {
                if (bytes > model.bytes() / 2) {
                    throw new CancellationException();
                }
            })).isInstanceOf(CancellationException.class);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
